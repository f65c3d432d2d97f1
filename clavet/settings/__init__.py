"""Settings: `base` holds what is always true; `demo`, `production` and `test` each add what differs."""

"""Documents, their versions and acceptances in the admin."""

"""Mails about documents: a new version comes, a version waits for an acceptance."""

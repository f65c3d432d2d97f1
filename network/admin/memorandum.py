"""Memoranda in the admin."""

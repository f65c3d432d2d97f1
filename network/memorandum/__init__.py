"""Memoranda of understanding: drafted, locked, signed, verified, in force, ended."""

"""Representation: who acts for whom, claimed, confirmed, granted, objected to, ended."""

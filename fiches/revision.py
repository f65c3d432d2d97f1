"""A revision: a copy of a published fiche that is edited and moderated while readers see the old text."""

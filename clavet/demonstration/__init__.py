"""Content to look at: real practices compiled from public sources, and labelled demonstration people and fiches."""

"""Pages of the fiches: reading and writing."""

"""What every file of data needs, whatever it is about: clean texts, cells, JSON inside a page, turns on a busy server."""

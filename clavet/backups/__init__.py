"""A backup is one tar file of everything that cannot be made anew; `make` writes one, `restore` reads it."""

from .archive import BackupError
from .making import make
from .restoring import restore, verify

__all__ = ["BackupError", "make", "restore", "verify"]

"""The administration of the network, one module a subject: importing them registers their pages."""

from . import documents, membership, memorandum, places, representation, seats  # noqa: F401

"""The administration of the network, one module a subject: importing them registers their pages."""

from . import documents, membership, memorandum, places, reports, representation, seats  # noqa: F401

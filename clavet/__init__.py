"""The portal: wiring of the apps and the pages that combine them."""

__version__ = "0.3.0"

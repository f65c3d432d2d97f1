"""The settings of the tests with the page cache on, for servers of their own."""

from clavet.settings.test import *  # noqa: F403

PAGE_CACHE_BYTES = 4_000_000

"""Files that people upload: what they are is decided by their content, never by their name."""

import uuid
from pathlib import PurePath


def storage_path(attachment, filename: str) -> str:
    """A random name: nobody can guess it and it says nothing about the content."""
    return f"attachments/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"

"""Our templates as they are sent: without the indentation that only makes their files readable."""

import re

from django.template.loaders import filesystem

INDENTATION = re.compile(r"\n[ \t]+")


class Loader(filesystem.Loader):
    """Once for each template and process; lines stay lines, so that an error is told where it stands."""

    def get_contents(self, origin):
        text = super().get_contents(origin)
        return INDENTATION.sub("\n", text) if origin.name.endswith(".html") else text

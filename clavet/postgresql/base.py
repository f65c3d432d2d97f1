"""Django's PostgreSQL, whose health check asks the kernel before it asks the server.

An idle session has nothing to read. Where it has – the farewell of a server that stopped, the end of the connection, a
notice – it is asked by a statement as usual. A page that reads the database once is thus not made to read it twice.
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self):
        try:
            waiting = select.poll()
            waiting.register(self.connection.fileno(), select.POLLIN)
        except (AttributeError, self.Database.Error):  # no session, or one that we closed
            return False
        return super().is_usable() if waiting.poll(0) else True

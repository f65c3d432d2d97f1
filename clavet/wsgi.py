"""What a WSGI server serves: the portal, under production settings unless said otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clavet.settings.production")
application = get_wsgi_application()

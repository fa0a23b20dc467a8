"""The WSGI door, for waitress (`tanbiao serve`) or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanbiao.site.settings")
application = get_wsgi_application()

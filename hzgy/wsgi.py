"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hzgy.settings.production")
# No page is worth a statement that takes longer; one that hangs must not hold a thread.
os.environ.setdefault("STATEMENT_SECONDS", "15")

application = get_wsgi_application()

from newsroom.circulating import learn  # noqa: E402  # Django is set up by now

# Before anybody asks, and before processes part: should the database go, it is known.
learn()

"""The suite: fast hashing, mail and cache in memory, files in a folder that goes away."""

import atexit
import shutil
import tempfile

from .base import *
from .base import STORAGES, TASKS, WAGTAILADMIN_BASE_URL, database  # noqa: F401
from .environment import env

SECRET_KEY = "only-for-tests"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

# Of what make test sets, only this comes in: a developer's own DATABASE_URL must not be touched.
DATABASES = {"default": database(env("TEST_DATABASE_URL", default="sqlite://:memory:"))}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
FILES = tempfile.mkdtemp(prefix="paper-tests-")
atexit.register(shutil.rmtree, FILES, ignore_errors=True)
MEDIA_ROOT = f"{FILES}/media"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES["contributions"]["OPTIONS"]["location"] = f"{FILES}/vault"
CONTRIBUTIONS_KEYS = ["b25seS1mb3ItdGVzdHMtLW9ubHktZm9yLXRlc3RzLS0="]
# A test that fills in the form in a moment is no robot; the guard's own tests ask for patience.
CONTRIBUTIONS_LEAST_SECONDS = 0
TASKS["background"] = TASKS["subscriptions"] = TASKS["default"]
TASKS["front"] = {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
WAGTAILFRONTENDCACHE = {}
# Typesetting every issue that a test publishes would take hours; its own tests call it.
TASKS["editions"] = {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
for name in ("editions", "imports"):
    STORAGES[name]["OPTIONS"]["location"] = f"{FILES}/{name}"

# The tests search more in an hour than an office does; the limit has a test of its own.
SEARCH_LIMITS = {"search": (10**6, 10**6), "suggest": (10**6, 10**6)}

"""The real paper: everything from the environment, and no start without what safety needs."""

from .base import *
from .base import STORAGES, env

SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
BASE_URL = env("BASE_URL")
# The first seals what senders say of themselves, all of them open it (docs/contributions.md).
CONTRIBUTIONS_KEYS = env.list("CONTRIBUTIONS_KEYS")
DEBUG = False
# W019 asks for X_FRAME_OPTIONS = "DENY"; the admin shows previews of our own pages in a frame.
SILENCED_SYSTEM_CHECKS = ["security.W019"]

PROXIES = env.int("PROXIES", default=1)

# An intranet without certificates says HTTPS=0, and knows what it does.
HTTPS = env.bool("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Only for a paper that has its whole domain to itself.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_WHOLE_DOMAIN", default=False)
if HTTPS:
    # The paper stands behind a proxy that sets this header itself, whatever a client sends.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

"""The real paper: everything from the environment, and no start without what safety needs."""

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .base import STORAGES
from .environment import env, switch

SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
BASE_URL = env("BASE_URL")
# The first seals what senders say of themselves, all of them open it (docs/contributions.md).
CONTRIBUTIONS_KEYS = env.list("CONTRIBUTIONS_KEYS")
DEBUG = False
# W019 asks for X_FRAME_OPTIONS = "DENY"; the admin shows previews of our own pages in a frame.
SILENCED_SYSTEM_CHECKS = ["security.W019"]

PROXIES = env.int("PROXIES", default=1)

# An intranet without certificates says HTTPS=off, and knows what it does.
HTTPS = switch("HTTPS", default="on")
if HTTPS and not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured(f"BASE_URL={BASE_URL}: https://…, or say HTTPS=off")
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # Browsers take such a cookie from this very host only, by https, for all of it.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Only for a paper that has its whole domain to itself.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = switch("HSTS_WHOLE_DOMAIN", default="off")
if not HTTPS:
    # They ask for HSTS, for being led to https, and for cookies that go by https alone.
    SILENCED_SYSTEM_CHECKS += [f"security.{name}" for name in ("W004", "W008", "W012", "W016")]
elif not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    # They ask for it; the names below ours may be somebody else's, without https.
    SILENCED_SYSTEM_CHECKS += ["security.W005", "security.W021"]
if HTTPS:
    # The paper stands behind a proxy that sets this header itself, whatever a client sends.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGES["staticfiles"] = {"BACKEND": "operations.static_files.CollectedFiles"}

"""What is the same everywhere; each environment's module adds its own (docs/configuration.md)."""

from pathlib import Path
from typing import Any

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Everything written at run time (database, uploads, collected files) lives in one ignored folder.
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

INSTALLED_APPS = [
    "desk",
    "contributions",
    "interchange",
    "issues",
    "articles",
    "newsroom",
    "accounts",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    # The admin links to the documents app by name; its menu is put away (newsroom.menus).
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # Wagtail says "3分钟前" with it
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "newsroom.labels.admin_in_chinese",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "hzgy.urls"
WSGI_APPLICATION = "hzgy.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context.paper",
            ],
        },
    },
]


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for the database at ``url``.

    SQLite gets what several writers need: a journal that readers do not block (WAL), a wait
    instead of an error while another writes, and transactions that take the write lock at their
    beginning, since one that asks for it half-way fails at once ("database is locked"). What is
    committed is on the disk (synchronous=FULL): a receipt is given for it. What is erased is
    overwritten (secure_delete).
    """
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA secure_delete=ON;"
            ),
        }
    else:
        settings["CONN_MAX_AGE"] = 60
        settings["CONN_HEALTH_CHECKS"] = True
    return settings


DATABASES = {"default": database(env("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/db.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The form's limits count in it: several processes or machines need one cache between them.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://?max_entries=100000")}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "wagtailadmin_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"

# The paper is Chinese, and its day is Shanghai's (docs/adr/0001).
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = env("MEDIA_URL", default="/media/")
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # an article of 200,000 characters, as rich text
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # What people send in: no address leads there (contributions.vault).
    "contributions": {
        "BACKEND": "contributions.vault.VaultStorage",
        "OPTIONS": {
            "location": env("CONTRIBUTIONS_ROOT", default=str(VAR_DIR / "contributions")),
        },
    },
}


def private_bucket(name: str, *, endpoint: str | None) -> dict[str, Any]:
    """Return a storage in the bucket ``name`` of S3, or of what speaks like it at ``endpoint``.

    Credentials come from the variables that boto3 itself reads (AWS_ACCESS_KEY_ID, …).
    """
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": endpoint,
            "default_acl": "private",
            "file_overwrite": False,
        },
    }


if bucket := env("CONTRIBUTIONS_BUCKET", default=""):
    STORAGES["contributions"] = private_bucket(
        bucket, endpoint=env("CONTRIBUTIONS_BUCKET_ENDPOINT", default=None)
    )

# The contribution form (docs/contributions.md).
CONTRIBUTIONS_LEAST_SECONDS = 3  # between opening the form and sending it
CONTRIBUTIONS_MOST_REQUEST_BYTES = 80 * 1024 * 1024
# How often within an hour: from one address (a factory may stand behind one), and in all.
CONTRIBUTIONS_LIMITS = {
    "send": (
        env.int("CONTRIBUTIONS_PER_ADDRESS", default=60),
        env.int("CONTRIBUTIONS_PER_HOUR", default=600),
    ),
    "unproven": (10, 100),  # where work is asked for, and none was done
    "look_up": (60, 1000),  # codes that are not found
    "answer": (60, 600),
}
CONTRIBUTIONS_PROOF_OF_WORK = env.bool("CONTRIBUTIONS_PROOF_OF_WORK", default=False)
CONTRIBUTIONS_KEEP_DAYS = env.int("CONTRIBUTIONS_KEEP_DAYS", default=365)
CONTRIBUTIONS_KEEP_CONTACT_DAYS = env.int("CONTRIBUTIONS_KEEP_CONTACT_DAYS", default=90)
# What attachments leave free on the disk, so that texts still have room.
CONTRIBUTIONS_LEAST_FREE_MB = env.int("CONTRIBUTIONS_LEAST_FREE_MB", default=200)
# Whether editors hear of each contribution by mail at once, once a day, or not at all.
CONTRIBUTIONS_MAIL = env.str("CONTRIBUTIONS_MAIL", default="at_once")
# An address of a ClamAV daemon, e.g. tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl.
CLAMAV_URL = env("CLAMAV_URL", default="")
# How many proxies of our own stand in front, each adding to X-Forwarded-For.
PROXIES = env.int("PROXIES", default=0)

# Wagtail's own tasks (search index, …) run at once: queued, the search would go stale without a
# worker. Ours that may wait or fail, such as mail, are queued in the database.
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "background": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
}

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="newsroom@localhost")

# What goes wrong is said on stderr, which gunicorn and systemd keep; Django alone would mail it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},  # a 404 is no event
}

WAGTAIL_SITE_NAME = env("PAPER_NAME", default="数字报")
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "articles.text_area.TextArea"}}
WAGTAILIMAGES_IMAGE_MODEL = "newsroom.PressPhoto"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAIL_ENABLE_UPDATE_CHECK = False  # asks a server abroad; the machine may stand in an intranet
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_DATE_FORMAT = "%Y-%m-%d"
WAGTAIL_DATETIME_FORMAT = "%Y-%m-%d %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
# Approval signs one revision; Wagtail's own finish would publish the newest (docs/adr/0004).
# Whoever is to sign is told, not every admin.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "desk.review.finishing.finish_review"

# Reader pages load nothing from anywhere else and run no script; the admin needs its own.
SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        # Wagtail shows previews in a frame of its own pages.
        "frame-ancestors": [SELF],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

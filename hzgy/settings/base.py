"""What is the same everywhere; each environment's module adds its own (docs/configuration.md)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Everything written at run time (database, uploads, collected files) lives in one ignored folder.
VAR_DIR = BASE_DIR / "var"

env = environ.Env()


def switch(name: str, *, default: str) -> bool:
    """Return whether a variable says on or 1; what is neither that nor off or 0 stops the start."""
    said = env.str(name, default=default).lower()
    if said not in ("on", "1", "off", "0"):
        raise ImproperlyConfigured(f"{name}={said}: on or off")
    return said in ("on", "1")


INSTALLED_APPS = [
    "operations",
    "operations.access",
    "desk",
    "following",
    "contributions",
    "interchange",
    "search",
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
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # Wagtail says "3分钟前" with it
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "operations.request_ids.numbered",
    "operations.metrics.counting.counted",
    "operations.front.keeping.kept",
    # Before whatever answers, so that nothing is answered without them.
    "newsroom.headers.security_headers",
    "newsroom.headers.ContentPolicy",
    "operations.health.answering.answer_monitors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "operations.replica.middleware.ReadersPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "operations.bodies.WholeBodies",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "operations.access.guarding.guarded",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsroom.labels.admin_in_chinese",
    # Behind what knows who asks, before whatever answers them.
    "newsroom.gate.gate",
    "following.addresses.middleware.old_addresses",
    "axes.middleware.AxesMiddleware",
]

# Fields look for their templates where pages do (templates/wagtailadmin/widgets/).
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
    instead of an error while others write (a minute: those who wait do not queue, and twenty on a
    busy machine were seen to need more than twenty seconds), and transactions that take the write
    lock at their beginning, since one that asks for it half-way fails at once ("database is
    locked"). What is committed is on the disk (synchronous=FULL): a receipt is given for it. What
    is erased is overwritten (secure_delete).

    PostgreSQL that does not answer is given up soon, and so is a page's statement that takes long
    (STATEMENT_SECONDS, which hzgy.wsgi sets; commands may take their time).
    """
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        # While nobody has it open, SQLite takes its journal away; on a full disk it could not make
        # it again, and nobody could read.
        settings["CONN_MAX_AGE"] = None
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA secure_delete=ON;"
            ),
        }
    else:
        settings["CONN_MAX_AGE"] = 60
        settings["CONN_HEALTH_CHECKS"] = True
        milliseconds = env.int("STATEMENT_SECONDS", default=0) * 1000
        settings["OPTIONS"] = {
            "connect_timeout": 5,
            # A machine that vanished is noticed within half a minute.
            **{"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3},
            "tcp_user_timeout": 30_000,
            "options": f"-c statement_timeout={milliseconds}",
            **settings.get("OPTIONS", {}),
        }
    return settings


DATABASES = {"default": database(env("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/db.sqlite3"))}
# A standby that readers' pages are read from, and how much older than the primary they may be.
if replica := env("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = database(replica) | {
        # One that hangs is to be known as away soon.
        "OPTIONS": {"connect_timeout": 2, "tcp_user_timeout": 3000},
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["operations.replica.router.ReaderRouter"]
DATABASE_REPLICA_MOST_SECONDS = env.int("DATABASE_REPLICA_MOST_SECONDS", default=5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The form's limits count in it: several processes or machines need one cache between them.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://?max_entries=100000")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    CACHES["default"]["BACKEND"] = "operations.caching.PatientRedisCache"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "last_name", "first_name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "operations.access.passwords.NoFavourite"},
]
# Who guesses passwords is shut out for a while (operations.access.lockout).
AXES_HANDLER = "operations.access.lockout.Handler"
AXES_CLIENT_IP_CALLABLE = "operations.access.lockout.come_from"
AXES_USERNAME_CALLABLE = "operations.access.lockout.account_named"
AXES_LOCKOUT_CALLABLE = "operations.access.lockout.turned_away"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # Wagtail's log tells who came in
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# A number from the phone besides the password: off, optional or required.
SECOND_FACTOR = env.str("SECOND_FACTOR", default="optional")
if SECOND_FACTOR not in ("off", "optional", "required"):
    raise ImproperlyConfigured(f"SECOND_FACTOR={SECOND_FACTOR}: off, optional or required")
OTP_TOTP_ISSUER = env("PAPER_NAME", default="数字报")
# Who does nothing in the admin for so long logs in again; so does everybody after so many hours.
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=240) * 60
SESSION_HOURS = env.int("SESSION_HOURS", default=24)
# The law wants the log of who came in kept for half a year.
SIGN_IN_LOG_DAYS = max(180, env.int("SIGN_IN_LOG_DAYS", default=365))
PASSWORD_RESET_TIMEOUT = 3600
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "operations.access.forms.ResetForm"  # noqa: S105
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
STATIC_ROOT = env("STATIC_ROOT", default=str(VAR_DIR / "static"))
MEDIA_URL = env("MEDIA_URL", default="/media/")
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # an article of 200,000 characters, as rich text
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000


def private_folder(location: str) -> dict[str, Any]:
    """Return a storage in a folder that only this program reads."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": location,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Issues as files: handed out by interchange.views as long as the issue is public.
    "editions": private_folder(env("EDITIONS_ROOT", default=str(VAR_DIR / "editions"))),
    # Pictures that came with copy which nobody has decided on yet (desk.importing).
    "imports": private_folder(env("IMPORTS_ROOT", default=str(VAR_DIR / "imports"))),
    # What people send in: no address leads there (contributions.vault).
    "contributions": {
        "BACKEND": "contributions.vault.VaultStorage",
        "OPTIONS": {
            "location": env("CONTRIBUTIONS_ROOT", default=str(VAR_DIR / "contributions")),
        },
    },
}


def private_bucket(name: str, *, endpoint: str | None, folder: str = "") -> dict[str, Any]:
    """Return a storage in the bucket ``name`` of S3, or of what speaks like it at ``endpoint``.

    Credentials come from the variables that boto3 itself reads (AWS_ACCESS_KEY_ID, …).
    """
    from botocore.config import Config  # slow to import, and few need it

    patience = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2})
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "client_config": patience,
            "bucket_name": name,
            "endpoint_url": endpoint,
            "default_acl": "private",
            "file_overwrite": False,
            "location": folder,
        },
    }


def media_bucket(name: str, *, endpoint: str | None) -> dict[str, Any]:
    """Return a storage in a bucket that everybody may read by its policy; nobody may list it."""
    return {
        "BACKEND": "operations.media_bucket.MediaBucket",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": endpoint,
            "file_overwrite": False,
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
        },
    }


if bucket := env("CONTRIBUTIONS_BUCKET", default=""):
    STORAGES["contributions"] = private_bucket(
        bucket, endpoint=env("CONTRIBUTIONS_BUCKET_ENDPOINT", default=None)
    )

BUCKET_ENDPOINT = env("BUCKET_ENDPOINT", default=None)
if bucket := env("MEDIA_BUCKET", default=""):
    STORAGES["default"] = media_bucket(bucket, endpoint=BUCKET_ENDPOINT)
if bucket := env("PRIVATE_BUCKET", default=""):
    for alias in ("editions", "imports"):
        STORAGES[alias] = private_bucket(bucket, endpoint=BUCKET_ENDPOINT, folder=alias)

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
# Searches an hour: from one address (a factory may stand behind one), and in all. Suggestions come
# with every few letters typed; what a cache in front answers is counted by nobody.
SEARCH_LIMITS = {
    "search": (
        env.int("SEARCH_PER_ADDRESS", default=1200),
        env.int("SEARCH_PER_HOUR", default=30_000),
    ),
    "suggest": (6000, 100_000),
}
# Requests to the API an hour: from one address, and in all.
API_LIMITS = (
    env.int("API_PER_ADDRESS", default=1000),
    env.int("API_PER_HOUR", default=30_000),
)
# How many proxies of our own stand in front, each adding to X-Forwarded-For.
PROXIES = env.int("PROXIES", default=0)

# Who is told at /healthz what is wrong, and when the disk counts as full (docs/operating.md).
HEALTH_NETWORKS = env.list("HEALTH_NETWORKS", default=["127.0.0.0/8", "::1/128"])
# Where the processes that serve count together, for `serve_metrics`; nowhere unless set.
METRICS_DIR = env.str("METRICS_DIR", default="")
if METRICS_DIR:
    Path(METRICS_DIR).mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_DIR  # read when its library is imported
DISK_LEAST_FREE_MB = env.int("DISK_LEAST_FREE_MB", default=500)

# An internal paper may want to be in no search engine (robots.txt).
CLOSED_TO_ROBOTS = env.bool("CLOSED_TO_ROBOTS", default=False)

# Readers' browsers may install the paper and keep what was read (docs/offline.md).
OFFLINE = env.bool("OFFLINE", default=True)

# Wagtail's own tasks (search index, …) run at once: queued, the search would go stale without a
# worker. Ours that may wait or fail, such as mail, are queued in the database.
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "background": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
    # Of their own, so that no mail waits while a back number is typeset.
    "editions": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
    # Nor any mail to the newsroom or to a sender while an issue goes out to its subscribers.
    "subscriptions": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
    # And readers see a correction at once, whatever else is going on.
    "front": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
}

# Who keeps pages in front of us and hears of changes (docs/front.md): nginx on our machines, by
# the addresses of its own port for that, and any other backend of Wagtail's, such as a CDN.
WAGTAILFRONTENDCACHE = {
    **{
        f"nginx{number}": {"BACKEND": "operations.front.nginx.NginxBackend", "LOCATION": url}
        for number, url in enumerate(env.list("FRONT", default=[]), start=1)
    },
    **env.json("FRONT_CDN", default={}),
}
FRONT_SHUT = env("FRONT_SHUT", default="")
if env.list("FRONT", default=[]) and not FRONT_SHUT:
    raise ImproperlyConfigured(
        "设置了 FRONT，还要设置 FRONT_SHUT，否则报纸关不上 / FRONT needs FRONT_SHUT, the file by "
        "which nginx stops handing out what it keeps (docs/front.md)"
    )

# Where feeds say that there is news, for readers that do not want to ask (docs/subscriptions.md).
WEBSUB_HUB = env.str("WEBSUB_HUB", default="")
# Issues by e-mail: how many mails a minute the mail server is asked to take, and how often within
# an hour somebody may subscribe: from one address (a factory may stand behind one), and in all.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=60)
SUBSCRIPTIONS_LIMITS = (
    env.int("SUBSCRIPTIONS_PER_ADDRESS", default=10),
    env.int("SUBSCRIPTIONS_PER_HOUR", default=300),
)

# Seconds: nobody waits for a mail server for ever, whoever writes the mail.
vars().update({"EMAIL_TIMEOUT": 30} | env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="newsroom@localhost")

# Who hears of errors, by mail or in a Sentry (docs/operating.md).
ADMINS = [("", address) for address in env.list("ERRORS_TO", default=[])]
SENTRY_DSN = env.str("SENTRY_DSN", default="")

# What goes wrong is said on stderr, which gunicorn and systemd keep: as lines, or as JSON.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "operations.logs.LineFormatter"},
        "json": {"()": "operations.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line"),
        },
        "error_mails": {"class": "operations.reporting.ErrorMails"},
    },
    "root": {"handlers": ["stderr", "error_mails"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},  # a 404 is no event
        # Django would mail it, with what was posted, as soon as there are ADMINS.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
CSRF_FAILURE_VIEW = "operations.error_pages.no_csrf"

WAGTAIL_SITE_NAME = env("PAPER_NAME", default="数字报")
# Chinese, alike on both databases; another engine of Wagtail's may stand here (docs/search.md).
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backend"}}
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "articles.text_area.TextArea"}}
WAGTAILIMAGES_IMAGE_MODEL = "newsroom.PressPhoto"
WAGTAILIMAGES_IMAGE_FORM_BASE = "newsroom.photo_form.PhotoForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000  # all frames together; asked before any is decoded
WAGTAILDOCS_EXTENSIONS = ["pdf"]  # documents are not part of the paper: nothing that runs
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

# Only an issue that was out leads on from its old number (following.addresses.moving).
WAGTAILREDIRECTS_AUTO_CREATE = False

# Where uploads are at an address of their own, pictures come from there.
MEDIA_ORIGIN = [] if MEDIA_URL.startswith("/") else ["/".join(MEDIA_URL.split("/")[:3])]
# Reader pages load nothing from anywhere else, and no script but our own.
SELF, NONE = "'self'", "'none'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *MEDIA_ORIGIN],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        # Wagtail shows previews in a frame of its own pages.
        "frame-ancestors": [SELF],
    },
}
# By the beginning of the address (newsroom.headers).
CONTENT_POLICIES = {
    "/admin/": {
        "default-src": [SELF],
        # Wagtail's editor of running text writes its style sheets while it runs. Its scripts in
        # the page are replaced by data (newsroom.inline_scripts).
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:", *MEDIA_ORIGIN],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
    # Uploads are pictures; whatever else one may be, it runs nothing.
    MEDIA_URL: {"default-src": [NONE], "sandbox": True},
}
X_FRAME_OPTIONS = "SAMEORIGIN"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # style sheets and scripts are for our own pages
# No script reads a cookie, and no other site's form brings one along; what is said once to an
# editor is kept in the session instead of a cookie of its own.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

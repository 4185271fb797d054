"""What is the same everywhere, a module for each concern; each environment's adds its own.

Every variable is explained in docs/configuration.md.
"""

from .access import *
from .admin import *
from .data import *
from .environment import *
from .environment import BASE_DIR
from .front import *
from .headers import *
from .language import *
from .mail import *
from .readers import *
from .storage import *
from .watching import *

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
    # Its documents are the paper's recordings (newsroom.recordings).
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
    # Behind what knows who asks, before whatever answers them by the address.
    "newsroom.hant.hant",
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

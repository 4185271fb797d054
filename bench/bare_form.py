"""Write a bare Wagtail form page with a file field into a folder, to compare with.

As Wagtail's project template and its documentation have it: plain settings, AbstractEmailForm, a
field type of our own in the form builder
(https://docs.wagtail.org/en/stable/reference/contrib/forms/customization.html), each file kept as a
Wagtail document as its tutorials do, the page's own form with its CSRF token. Nothing is checked,
drawn anew, synced, or recognised when it comes twice. One thing is helped: three file fields, since
the form builder knows no field of several files.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .server import ROOT

ADDRESS = "/send/"
FILE_FIELDS = ("photo_1", "photo_2", "photo_3")

SETTINGS = """
import os
import environ
from pathlib import Path
BASE_DIR = Path(__file__).parent
SECRET_KEY = "bare"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = [
    "bare", "wagtail.contrib.forms", "wagtail.contrib.redirects", "wagtail.sites", "wagtail.users",
    "wagtail.snippets", "wagtail.documents", "wagtail.images", "wagtail.search", "wagtail.admin",
    "wagtail", "modelcluster", "taggit", "django_filters", "django_tasks",
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "bare.urls"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
DATABASES = {"default": environ.Env.db_url_config(os.environ["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
STATIC_URL = "/static/"
MEDIA_ROOT = os.environ["MEDIA_ROOT"]
MEDIA_URL = "/media/"
LOGGING = {
    "version": 1,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "ERROR"},
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
WAGTAIL_SITE_NAME = "bare"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
"""

URLS = """
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include(wagtail_urls)),
]
"""

MODELS = """
from django.db import models
from django.forms import FileField
from modelcluster.fields import ParentalKey
from wagtail.contrib.forms.forms import FormBuilder
from wagtail.contrib.forms.models import FORM_FIELD_CHOICES, AbstractEmailForm, AbstractFormField
from wagtail.documents import get_document_model


class FormField(AbstractFormField):
    field_type = models.CharField(max_length=16, choices=[*FORM_FIELD_CHOICES, ("file", "File")])
    page = ParentalKey("FormPage", on_delete=models.CASCADE, related_name="form_fields")


class Builder(FormBuilder):
    def create_file_field(self, field, options):
        return FileField(**options)


class FormPage(AbstractEmailForm):
    form_builder = Builder
    template = "bare/form_page.html"
    landing_page_template = "bare/landing.html"

    def process_form_submission(self, form):
        for name, value in list(form.cleaned_data.items()):
            if hasattr(value, "chunks"):
                document = get_document_model().objects.create(title=value.name, file=value)
                form.cleaned_data[name] = document.url
        return super().process_form_submission(form)
"""

FORM_PAGE = """<!DOCTYPE html><title>{{ page.title }}</title>
<form method="post" enctype="multipart/form-data">
{% csrf_token %}{{ form.as_p }}<button>发送</button></form>
"""
LANDING = "<!DOCTYPE html><title>{{ page.title }}</title><p>谢谢您的来稿</p>"

FOUND = f"""
from bare.models import FormField, FormPage
from wagtail.models import Page
form = Page.objects.get(depth=2).add_child(instance=FormPage(title="send", slug="send"))
for name, kind in [("text", "multiline"), *((name, "file") for name in {FILE_FIELDS!r})]:
    FormField.objects.create(page=form, label=name, clean_name=name, field_type=kind)
"""


def write_project(place: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Write the project into ``place`` and make its tables; return the variables it runs with."""
    app = place / "bare"
    templates = app / "templates/bare"
    templates.mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "settings.py").write_text(SETTINGS)
    (app / "urls.py").write_text(URLS)
    (app / "models.py").write_text(MODELS)
    (app / "wsgi.py").write_text(
        "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
    )
    (templates / "form_page.html").write_text(FORM_PAGE)
    (templates / "landing.html").write_text(LANDING)
    variables = {
        **environment,
        "DJANGO_SETTINGS_MODULE": "bare.settings",
        "PYTHONPATH": os.pathsep.join((str(place), str(ROOT))),
    }
    for command in (["makemigrations", "bare"], ["migrate"], ["shell", "--command", FOUND]):
        subprocess.run(
            [sys.executable, "-m", "django", *command],
            check=True,
            cwd=place,
            env=variables,
            stdout=subprocess.DEVNULL,
        )
    return variables

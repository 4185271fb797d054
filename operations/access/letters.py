"""Write to who forgot the password."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django_tasks import task
from wagtail.admin.forms.auth import PasswordResetForm

TEMPLATE = "wagtailadmin/account/password_reset/email"


@task(backend="background")
def send_reset(email: str) -> None:
    """Send the link to every account with this address; its host is ours, whatever was asked."""
    form = PasswordResetForm({"email": email})
    if form.is_valid():
        site = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        form.save(
            domain_override=site.netloc,
            use_https=site.scheme == "https",
            email_template_name=f"{TEMPLATE}.txt",
            subject_template_name=f"{TEMPLATE}_subject.txt",
        )

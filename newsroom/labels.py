"""The Chinese that Wagtail's catalogue cannot carry: what it writes as plain English.

Labels that Django guesses from a field's name, and two words inside Wagtail's templates. All
else is in `locale/`.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from wagtail.admin.forms.auth import LoginForm
from wagtail.admin.forms.choosers import (
    AnchorLinkChooserForm,
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
)
from wagtail.admin.forms.workflows import WorkflowPageForm
from wagtail.users.forms import PagePermissionsForm

LINK_TEXT = {"link_text": "链接文字"}
LABELS: dict[type[Form], dict[str, str]] = {
    LoginForm: {"password": "密码"},
    ExternalLinkChooserForm: LINK_TEXT,
    AnchorLinkChooserForm: LINK_TEXT,
    EmailLinkChooserForm: {
        **LINK_TEXT,
        "email_address": "邮箱地址",
        "subject": "邮件主题",
        "body": "邮件正文",
    },
    PhoneLinkChooserForm: {**LINK_TEXT, "phone_number": "电话号码"},
    WorkflowPageForm: {"page": "页面"},
    PagePermissionsForm: {"page": "页面"},
}
MARKUP = {
    'type="submit" value="Search"': 'type="submit" value="搜索"',
    '<nav aria-label="Actions"': '<nav aria-label="操作"',
}
# The same markup in a page, and inside the JSON that Wagtail's dialogs are sent as.
REPLACED = {
    "text/html": {english.encode(): chinese.encode() for english, chinese in MARKUP.items()},
    "application/json": {
        json.dumps(english)[1:-1].encode(): json.dumps(chinese)[1:-1].encode()
        for english, chinese in MARKUP.items()
    },
}


def label_fields() -> None:
    """Label the fields, once, when the apps are ready."""
    for form, labels in LABELS.items():
        for name, label in labels.items():
            form.base_fields[name].label = label


def admin_in_chinese(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: put Chinese for the words inside the markup of Wagtail's admin."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/admin/") and not response.streaming:
            kind = response.get("Content-Type", "").partition(";")[0]
            for english, chinese in REPLACED.get(kind, {}).items():
                if english in response.content:
                    response.content = response.content.replace(english, chinese)
        return response

    return respond

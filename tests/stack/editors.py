"""An editor at a browser, who has signed in: opens the desk, opens an article, saves its draft."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

__all__ = ["Answer", "Editor", "enter"]

PREPARE = """
import json
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.factories import make_article, make_issue, make_user
issue = make_issue(498)
article = make_article(issue, "原来的标题", names=())
browser, name = Client(), settings.SESSION_COOKIE_NAME
browser.force_login(make_user("总编", username="editor498"), settings.AUTHENTICATION_BACKENDS[-1])
print("PREPARED " + json.dumps({
    "session": f"{name}={browser.cookies[name].value}",
    "desk": reverse("desk_board", args=[issue.pk]),
    "article": reverse("wagtailadmin_pages:edit", args=[article.pk]),
}))
"""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, and how long it took."""

    status: int
    text: str
    retry_after: str
    cookies: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Editor:
    """Asks as a browser does, at ``port``; ``desk`` and ``article`` are addresses."""

    port: int
    session: str
    desk: str
    article: str

    def open(self, address: str) -> Answer:
        """Open a screen."""
        return self._ask("GET", address, self.session)

    def open_form(self) -> tuple[str, str]:
        """Open the article to write in it; return the cookies and the token of the form."""
        opened = self.open(self.article)
        token = TOKEN.search(opened.text)
        if token is None:
            raise RuntimeError(f"no form: {opened.status} {opened.text[:300]}")
        return "; ".join((self.session, *opened.cookies)), token[1]

    def save(self, title: str, text: str = "", form: tuple[str, str] | None = None) -> Answer:
        """Save the article with this title, as a draft, from a form that is open or opened now."""
        cookies, token = form or self.open_form()
        fields = nested_form_data(
            {
                "title": title,
                "body": streamfield([("paragraph", rich_text(f"<p>{text}</p>"))] if text else []),
                "bylines": inline_formset([]),
                "remarks": inline_formset([]),
                "comments": inline_formset([]),
                "folio": "1",
                "prominence": "normal",
                "csrfmiddlewaretoken": token,
            }
        )
        return self._ask("POST", self.article, cookies, urlencode(fields))

    def _ask(self, method: str, address: str, cookies: str, body: str | None = None) -> Answer:
        told = {"Host": "127.0.0.1", "Cookie": cookies}
        if body is not None:
            told["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        begun = time.monotonic()
        try:
            connection.request(method, address, body, told)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        return Answer(
            answer.status,
            page,
            answer.getheader("Retry-After", ""),
            tuple(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie", [])),
            time.monotonic() - begun,
        )


def enter(manage: Callable[..., str], port: int) -> Editor:
    """Return an editor with an article of an issue in work, in the paper of ``manage``."""
    said = manage("shell", "--no-imports", "--command", PREPARE)
    return Editor(port, **json.loads(said.partition("PREPARED ")[2]))

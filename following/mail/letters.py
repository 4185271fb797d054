"""Word the mails to subscribers: the question whether they want any, and the issue.

An issue is written once for all its readers; only the way out is each reader's own.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from articles.story import LEAD
from interchange.for_readers import date_line, front_page, imprint_lines
from interchange.pages import public_form
from interchange.schema import Article
from issues.models import IssuePage
from newsroom.circulating import current
from newsroom.cjk import clean_line, opening
from newsroom.models import Imprint

from .models import Subscription

__all__ = ["IssueLetter", "question"]

AUTOMATIC = {"Auto-Submitted": "auto-generated", "Content-Language": "zh-Hans"}
LONGEST_SUBJECT = 100  # characters
LONGEST_OPENING = 160


def question(reader: Subscription) -> EmailMultiAlternatives:
    """Ask an address whether it wants new issues; what it says fits any stranger's mailbox."""
    imprint = Imprint.objects.current()
    paper = f"《{clean_line(imprint.name if imprint else settings.WAGTAIL_SITE_NAME)}》"
    text = render_to_string(
        "following/mail/question.txt",
        {
            "paper": paper,
            "confirm_url": _absolute("confirm_subscription", reader.token),
            "unsubscribe_url": _absolute("unsubscribe", reader.token),
        },
    )
    return EmailMultiAlternatives(
        f"{paper}：请确认邮件订阅", text, to=[reader.email], headers=AUTOMATIC
    )


@dataclass(frozen=True, slots=True)
class IssueLetter:
    """An issue laid out for mail clients, with a mark where each reader's way out will stand."""

    subject: str
    text: str
    html: str
    mark: str
    stays_inside: bool

    @classmethod
    def of(cls, issue: IssuePage) -> IssueLetter:
        """Write the letter of a public issue, as it stands now.

        Of one that stays inside it tells that it is out, and nothing that is in it: a mailbox may
        be read anywhere, and a mail be handed on.
        """
        site = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
        form, _ = public_form(issue)
        stays_inside = current().covers(issue.date)
        if stays_inside:
            form = replace(form, articles=())
        home = f"{site}/{form.number}/"

        def address(article: Article) -> str:
            return f"{home}{article.number}/"

        # What is printed may lead nowhere today: the site, too, leads to its own page.
        imprint = replace(form.imprint, submissions_url=f"{site}/contribute/")
        front = front_page(form, address)
        leading = [story for story in front.stories if story.prominence == LEAD]
        lead = next(iter(leading or front.stories), None)
        mark = f"https://{secrets.token_hex(16)}.invalid/"
        context = {
            "paper": form.imprint.name,
            "strap": form.imprint.strap,
            "issue": form,
            "date_line": date_line(form),
            "front": front,
            "lead": lead,
            "opening": opening([lead.opening], LONGEST_OPENING) if lead else "",
            "url": home,
            "site": site,
            "imprint_lines": imprint_lines(replace(form, imprint=imprint)),
            "unsubscribe_url": mark,
            "stays_inside": stays_inside,
        }
        return cls(
            subject=_subject(form.imprint.name, form.number, lead.headline if lead else ""),
            text=render_to_string("following/mail/issue.txt", context),
            html=render_to_string("following/mail/issue.html", context),
            mark=mark,
            stays_inside=stays_inside,
        )

    def to(self, reader: Subscription) -> EmailMultiAlternatives:
        """Return the mail to one reader, with the headers of RFC 2369 and RFC 8058."""
        way_out = _absolute("unsubscribe", reader.token)
        host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
        message = EmailMultiAlternatives(
            self.subject,
            self.text.replace(self.mark, way_out),
            to=[reader.email],
            headers={
                **AUTOMATIC,
                "List-Id": f"<issues.{host}>",
                "List-Unsubscribe": f"<{way_out}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        message.attach_alternative(self.html.replace(self.mark, way_out), "text/html")
        return message


def _subject(paper: str, number: int, headline: str) -> str:
    """Return the subject on one line: no copy can begin a header of its own."""
    said = f"《{paper}》第{number}期" + (f"：{headline}" if headline else "")
    line = clean_line(said)
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def _absolute(name: str, token: str) -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(name, args=[token])

"""Word the mails. They tell that something came and never what: mail travels in the clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from newsroom.models import Imprint

from .models import Mail

MOST_LISTED = 50  # in one mail; what is more is counted


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's subject and text."""

    subject: str
    text: str


def to_newsroom(mails: Sequence[Mail]) -> Letter:
    """Tell editors of everything in ``mails``, with a link to each contribution."""
    listed = [_entry(mail) for mail in mails[:MOST_LISTED]]
    if len(mails) > MOST_LISTED:
        listed.append(f"另有{len(mails) - MOST_LISTED}项，请到后台查看。")
    news = _news(mails)
    return Letter(
        subject=f"{_paper()}{news}",
        text="\n\n".join(
            (f"{news}：", *listed, f"为保密，邮件里不写来稿内容，请登录后台查看。\n\n{_paper()}")
        ),
    )


def to_sender() -> Letter:
    """Tell a sender that there is something new, to be read with the receipt code."""
    paper = _paper()
    return Letter(
        subject=f"{paper}来稿进展",
        text=(
            f"您好！\n\n您给{paper}的来稿有了新的进展，或者编辑部给您留了言。"
            "请打开下面的网页，输入回执码查看：\n"
            f"{_absolute(reverse('contributions:status'))}\n\n"
            "为保密，邮件里不写来稿内容，也不写回执码。本邮件由系统发出，请不要直接回复。\n\n"
            f"{paper}编辑部"
        ),
    )


def _news(mails: Sequence[Mail]) -> str:
    """Return what came, counted: 新来稿3件、投稿人答复1件."""
    answers = sum(mail.occasion == Mail.Occasion.ANSWER for mail in mails)
    counted = ((len(mails) - answers, "新来稿{}件"), (answers, "投稿人答复{}件"))
    return "、".join(words.format(count) for count, words in counted if count)


def _entry(mail: Mail) -> str:
    """Return what editors learn of one contribution: its kind, when, how many files, and where."""
    contribution = mail.contribution
    moment = timezone.localtime(mail.owed_since)
    if mail.occasion == Mail.Occasion.ANSWER:
        came = f"投稿人{moment:%Y-%m-%d %H:%M}答复"
    else:
        files = contribution.attachments.filter(message=None).count()
        came = f"{moment:%Y-%m-%d %H:%M}收到，附件{files}个"
    link = _absolute(reverse("contributions_admin:detail", args=[contribution.pk]))
    return f"{contribution.get_kind_display()}，{came}\n{link}"


def _absolute(path: str) -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path


def _paper() -> str:
    """Return the paper's name in its marks, on one line: it stands in a header."""
    imprint = Imprint.objects.current()
    name = imprint.name if imprint else settings.WAGTAIL_SITE_NAME
    return f"《{' '.join(name.split())}》"

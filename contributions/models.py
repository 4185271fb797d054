"""Tips and manuscripts as the newsroom keeps them; nothing here is ever public."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models import ArticlePage
from newsroom.sealing import SealedField

from .querysets import ContributionQuerySet
from .uploads import FileKind
from .vault import new_name, vault

__all__ = [
    "Attachment",
    "Contribution",
    "Genre",
    "Kind",
    "Mail",
    "Message",
    "Note",
    "Progress",
    "Status",
    "Trace",
]

HEADING = 30  # characters of a text without a title, by which the inbox calls it


class Kind(models.TextChoices):
    """What somebody sends."""

    TIP = "tip", "新闻线索"
    MANUSCRIPT = "manuscript", "稿件"


class Genre(models.TextChoices):
    """The part of the paper a manuscript is meant for."""

    NEWS = "news", "新闻"
    SUPPLEMENT = "supplement", "副刊"
    PICTURE = "picture", "图片"


class Status(models.TextChoices):
    """How far a contribution has come; that it was printed follows from its article."""

    RECEIVED = "received", "已收到"
    REVIEWING = "reviewing", "一审"
    ACCEPTED = "accepted", "拟用"
    DECLINED = "declined", "未采用"
    SPAM = "spam", "垃圾"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a contribution is, in the paper's words; ``url`` leads to the printed article."""

    label: str
    url: str = ""
    reason: str = ""


class Contribution(models.Model):
    """One tip or manuscript, as it was sent in.

    What senders say of themselves is sealed. Neither the receipt code nor the form's key is kept,
    only what recognises them (``contributions.codes``).
    """

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    genre = models.CharField("体裁", max_length=10, choices=Genre.choices, blank=True)
    title = models.CharField("标题", max_length=120, blank=True)
    text = models.TextField("正文", blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    occasion = models.CharField("时间", max_length=120, blank=True)

    name = SealedField("姓名", blank=True)
    phone = SealedField("电话", blank=True)
    email = SealedField("邮箱", blank=True)
    unit = models.CharField("单位", max_length=100, blank=True)
    signed_off = models.BooleanField("单位已签发", default=False)
    signed_off_by = SealedField("签发人", blank=True)
    # Which contributions come from one name and unit, without saying from whom (records.py).
    sender = models.CharField(max_length=64, blank=True, editable=False, db_index=True)

    identity = models.CharField(max_length=64, unique=True, editable=False)
    code = models.CharField(max_length=64, unique=True, editable=False)
    received_at = models.DateTimeField("收到时间", default=timezone.now, db_index=True)

    status = models.CharField(
        "进展", max_length=10, choices=Status.choices, default=Status.RECEIVED, db_index=True
    )
    reason = models.CharField("答复投稿人的理由", max_length=300, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    # When readers first got its article (triage.note_printed); an issue taken back leaves it.
    printed_at = models.DateTimeField("见报时间", null=True, blank=True, editable=False)
    unread = models.BooleanField("未读", default=True)
    starred = models.BooleanField("星标", default=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经办人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    duplicate_of = models.ForeignKey(
        "self",
        verbose_name="疑似重复",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    printed_before = models.ForeignKey(
        ArticlePage,
        verbose_name="疑似已见报",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    article = models.OneToOneField(
        ArticlePage,
        verbose_name="稿件",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contribution",
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = "来稿"
        verbose_name_plural = "来稿"
        ordering = ["-received_at", "-pk"]
        default_permissions = ("change", "delete", "view")
        permissions = [("export_contribution", "可导出来稿")]

    def __str__(self) -> str:
        """Say nothing of the content: the log keeps these words after the contribution is gone."""
        return f"{self.get_kind_display()}（{timezone.localtime(self.received_at):%Y-%m-%d %H:%M}）"

    @property
    def heading(self) -> str:
        """What the inbox calls it: its title, or how its text begins."""
        beginning = self.text[:HEADING].replace("\n", " ")
        if len(self.text) > HEADING:
            beginning += "……"
        return self.title or beginning or "（无文字）"

    @property
    def is_anonymous(self) -> bool:
        """Whether its sender cannot be reached but by the receipt code."""
        return not (self.name or self.phone or self.email)

    @property
    def printed(self) -> ArticlePage | None:
        """The article that readers get, if it has come that far."""
        return self.article if self.article is not None and self.article.is_public else None

    @property
    def progress(self) -> Progress:
        """How far it is, as its sender is told: spam is told what is declined."""
        if self.printed is not None:
            return Progress(f"{self.printed.issue.title}采用", url=self.printed.url)
        if self.status in (Status.DECLINED, Status.SPAM):
            return Progress(Status.DECLINED.label, reason=self.reason)
        return Progress(Status(self.status).label)


class Attachment(models.Model):
    """A file that came along, cleaned of what gives its sender away."""

    class Scan(models.TextChoices):
        """What the virus scanner said."""

        CLEAN = "clean", "已扫描"
        UNSCANNED = "unscanned", "未扫描"
        INFECTED = "infected", "有病毒"

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="attachments"
    )
    message = models.ForeignKey(
        "Message",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="attachments",
        help_text="The sender's answer it came with; none for what came with the contribution.",
    )
    kind = models.CharField("类型", max_length=10, choices=FileKind.choices)
    name = models.CharField("文件名", max_length=100)
    file = models.FileField("文件", storage=vault, upload_to=new_name, max_length=100)
    original = models.FileField(
        "原图", storage=vault, upload_to=new_name, max_length=100, blank=True
    )
    size = models.PositiveIntegerField("大小")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    scan = models.CharField("扫描", max_length=10, choices=Scan.choices, default=Scan.UNSCANNED)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def stored_names(self) -> list[str]:
        """The names under which the vault keeps it."""
        return [name for name in (self.file.name, self.original.name) if name]


class Message(models.Model):
    """One turn of the dialogue between the newsroom and a sender."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="messages"
    )
    from_newsroom = models.BooleanField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The editor; senders are never told.",
    )
    text = models.TextField("内容", blank=True)
    sent_at = models.DateTimeField("时间", default=timezone.now)
    # As a contribution's: an answer that is sent twice is one (empty for the newsroom's).
    identity = models.CharField(max_length=64, null=True, unique=True, editable=False)

    class Meta:
        verbose_name = "往来"
        verbose_name_plural = "往来"
        ordering = ["sent_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return "编辑部" if self.from_newsroom else "投稿人"


class Note(models.Model):
    """What editors tell each other about a contribution; its sender never sees it."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField("内部备注")
    written_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "内部备注"
        verbose_name_plural = "内部备注"
        ordering = ["written_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"备注（{timezone.localtime(self.written_at):%Y-%m-%d %H:%M}）"


class Trace(models.Model):
    """One number of the sketch of a text, by which its like is found (``similar``)."""

    value = models.BigIntegerField(db_index=True)
    contribution = models.ForeignKey(
        Contribution, null=True, on_delete=models.CASCADE, related_name="traces"
    )
    article = models.ForeignKey(
        ArticlePage, null=True, on_delete=models.CASCADE, related_name="traces"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contribution=None) ^ models.Q(article=None),
                name="trace_of_one_text",
            )
        ]

    def __str__(self) -> str:
        return str(self.value)


class Mail(models.Model):
    """A mail that is owed, written down with what it tells of, so that none is lost.

    Kept until it is sent; the text is made then (``contributions.mails``).
    """

    class Occasion(models.TextChoices):
        """What the mail tells."""

        ARRIVAL = "arrival", "编辑部：有新来稿"
        ANSWER = "answer", "编辑部：投稿人有答复"
        QUESTION = "question", "投稿人：编辑部有留言"
        PROGRESS = "progress", "投稿人：进展有变化"

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="mails")
    occasion = models.CharField("事由", max_length=10, choices=Occasion.choices)
    owed_since = models.DateTimeField("产生时间", default=timezone.now)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_try = models.DateTimeField("下次尝试", default=timezone.now)
    last_error = models.CharField("最近的错误", max_length=300, blank=True)

    class Meta:
        verbose_name = "待发邮件"
        verbose_name_plural = "待发邮件"
        ordering = ["owed_since", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_occasion_display()

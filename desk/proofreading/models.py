"""Keep what editors lay down for proofreading, and what they accepted as it stands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from articles.models import ArticlePage
from issues.models import IssuePage
from newsroom.cjk import clean_line

from .house import NEITHER
from .lists import loop_of
from .settings_form import ProofreadingSettingsForm

__all__ = [
    "AcceptedAlarm",
    "BannedWord",
    "Leader",
    "LinkCheck",
    "ProofreadingSettings",
    "WordRule",
]


class WordRule(models.Model):
    """A wrong spelling and the right one (错词→正词)."""

    wrong = models.CharField(
        "错词",
        max_length=50,
        unique=True,
        help_text="稿件里出现它就会提示，如：一本帐",
        error_messages={"unique": "这个错词已经在表里，请去改原来那一条。"},
    )
    right = models.CharField("正词", max_length=50, help_text="应该写成什么，如：一本账")
    remark = models.CharField("说明", max_length=100, blank=True, help_text="只给编辑看，可不填。")

    class Meta:
        verbose_name = "错词"
        verbose_name_plural = "错词"
        ordering = ["wrong"]

    def __str__(self) -> str:
        return f"{self.wrong}→{self.right}"

    def clean(self) -> None:
        """Take out what pasting brings along; refuse rules that say nothing or go in circles."""
        super().clean()
        self.wrong, self.right = clean_line(self.wrong or ""), clean_line(self.right or "")
        if not self.wrong:
            raise ValidationError({"wrong": "错词里没有字，请填写。"})
        if not self.right:
            raise ValidationError({"right": "正词里没有字，请填写。"})
        if self.wrong == self.right:
            raise ValidationError({"right": "正词和错词一样，这一条没有用处；请核对。"})
        others = WordRule.objects.exclude(pk=self.pk).values_list("wrong", "right")
        if loop := loop_of(self.wrong, self.right, dict(others)):
            raise ValidationError(
                {"right": f"和表里已有的绕成了圈：{'→'.join(loop)}。请先改掉其中一条。"}
            )


class BannedWord(models.Model):
    """A word that is not printed (禁用词), and why."""

    word = models.CharField(
        "禁用词",
        max_length=50,
        unique=True,
        error_messages={"unique": "这个词已经在表里，请去改原来那一条。"},
    )
    reason = models.CharField(
        "理由或改法", max_length=200, blank=True, help_text="提示时一并显示，如：应称“残疾人”"
    )

    class Meta:
        verbose_name = "禁用词"
        verbose_name_plural = "禁用词"
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        """Take out what pasting brings along; refuse a word without characters."""
        super().clean()
        self.word, self.reason = clean_line(self.word or ""), clean_line(self.reason or "")
        if not self.word:
            raise ValidationError({"word": "禁用词里没有字，请填写。"})


class Leader(models.Model):
    """A person whose name is printed with a post; the order of the list is that of precedence."""

    name = models.CharField("姓名", max_length=50)
    post = models.CharField(
        "职务",
        max_length=100,
        help_text="照见报的写；几个职务用顿号隔开，如：市人大常委会副主任、市总工会主席",
    )
    rank = models.PositiveSmallIntegerField("排名次序", null=True, blank=True, editable=False)
    since = models.DateField("任职自", null=True, blank=True, help_text="空着：一直是。")
    until = models.DateField("任职至", null=True, blank=True, help_text="空着：现任。")

    class Meta:
        verbose_name = "姓名职务"
        verbose_name_plural = "姓名职务"
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return f"{self.name}（{self.post}）"

    def clean(self) -> None:
        """Take out what pasting brings along; refuse what names nobody, and times turned round."""
        super().clean()
        self.name, self.post = clean_line(self.name or ""), clean_line(self.post or "")
        if not self.name:
            raise ValidationError({"name": "姓名里没有字，请填写。"})
        if not self.post:
            raise ValidationError({"post": "职务里没有字，请填写。"})
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": "任职至早于任职自，请核对两个日期。"})


class AcceptedAlarmQuerySet(models.QuerySet["AcceptedAlarm"]):
    """Answers, by what they belong to."""

    def of(self, issue: Any) -> AcceptedAlarmQuerySet:
        """Return the answers about ``issue`` and about the articles that stand in it now."""
        return self.filter(models.Q(issue=issue) | models.Q(article__issue=issue))


class AcceptedAlarm(models.Model):
    """An alarm that somebody answered with 原文如此; it stays quiet from then on.

    It belongs to an article, which it follows into another issue, or to an issue itself.
    """

    issue = models.ForeignKey(
        IssuePage,
        verbose_name="期",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="accepted_alarms",
    )
    article = models.ForeignKey(
        ArticlePage,
        verbose_name="稿件",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="accepted_alarms",
    )
    key = models.CharField("标识", max_length=64)
    code = models.CharField("规则", max_length=50)
    level = models.CharField("级别", max_length=10)
    quote = models.TextField("原文", blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="认可人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The answer stands under a name also when the account is gone.
    by_name = models.CharField("认可人姓名", max_length=200)
    at = models.DateTimeField("认可时间", auto_now_add=True)

    objects = AcceptedAlarmQuerySet.as_manager()

    class Meta:
        verbose_name = "认可的提示"
        verbose_name_plural = "认可的提示"
        default_permissions = ()
        permissions = [
            ("accept_alarm", "可认可校对提示"),
            ("accept_blocking_alarm", "可认可“必须改”的校对提示"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["issue", "key"], name="alarm_accepted_once_per_issue"),
            models.UniqueConstraint(
                fields=["article", "key"], name="alarm_accepted_once_per_article"
            ),
            models.CheckConstraint(
                condition=models.Q(issue=None, article__isnull=False)
                | models.Q(issue__isnull=False, article=None),
                name="alarm_accepted_of_article_or_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article or self.issue}：{self.quote or self.code}"


class LinkCheck(models.Model):
    """What a link in the copy of an issue answered when it was tried."""

    issue = models.ForeignKey(
        IssuePage, verbose_name="期", on_delete=models.CASCADE, related_name="link_checks"
    )
    address = models.TextField("网址")
    fault = models.CharField("问题", max_length=200, blank=True)
    at = models.DateTimeField("检查时间")

    class Meta:
        verbose_name = "链接检查"
        verbose_name_plural = "链接检查"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.address} {self.fault}".strip()

    @property
    def is_dead(self) -> bool:
        """Whether a reader who follows the link gets nothing."""
        return bool(self.fault)


class OwnName(models.TextChoices):
    """What the paper calls itself in its own copy."""

    NEITHER = NEITHER, "不称本报、本刊（内部资料的规定）"
    PAPER = "本报", "本报"
    MAGAZINE = "本刊", "本刊"
    EITHER = "", "都可以"


@register_setting(icon="glasses", order=110)
class ProofreadingSettings(BaseGenericSetting):
    """Which rules are asked, and how grave each is."""

    internal = models.BooleanField(
        "按内部资料的规定检查",
        default=True,
        help_text="查准印证号，查“广告”“售价”等内部资料不该有的字样。有正式刊号的报纸不勾。",
    )
    own_name = models.CharField(
        "自称", max_length=4, choices=OwnName.choices, default=OwnName.NEITHER, blank=True
    )
    # By code: the level that the newsroom gives a rule instead of its own, or OFF.
    levels = models.JSONField("各条规则", default=dict, blank=True)
    test_links = models.BooleanField(
        "检查网址能否打开",
        default=False,
        help_text="在检查页上按“检查链接”，服务器会去访问稿件里的网址。内网里的服务器访问不到外面，请不要勾。",
    )

    base_form_class = ProofreadingSettingsForm
    panels = [
        MultiFieldPanel([FieldPanel("internal"), FieldPanel("own_name")], heading="刊物"),
        FieldPanel("test_links"),
        FieldPanel("levels"),
    ]

    class Meta:
        verbose_name = "校对规则"

    @classmethod
    def current(cls) -> ProofreadingSettings:
        """Return the settings as they stand; reading them writes nothing."""
        found: Any = cls.objects.first()
        return found or cls()

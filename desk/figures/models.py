"""Keep what the figures need: the paper's custom, counts, fees as decided, sheets as closed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from articles.models import ArticlePage
from newsroom.cjk import clean_line
from newsroom.models import Contributor

from .counting import Custom
from .fees import Rates

__all__ = [
    "ArticleFee",
    "ArticleFigures",
    "FeeShare",
    "FeeSheet",
    "FigureSettings",
    "Grade",
    "Unpaid",
]

MOST = Decimal("99999.99")


def money(label: str, **options: Any) -> models.DecimalField:
    """Return a field for an amount in 元, to the 分."""
    options = {"max_digits": 7, "decimal_places": 2, "default": Decimal("0.00"), **options}
    return models.DecimalField(label, **options)


def not_negative() -> list[MinValueValidator]:
    """Return the validators of an amount that is paid."""
    return [MinValueValidator(Decimal(0), "金额不能是负数。")]


class Grade(models.Model):
    """What a thousand characters of a kind of copy earn (稿酬等级)."""

    name = models.CharField(
        "等级",
        max_length=20,
        unique=True,
        help_text="如：甲、乙、丙，或：消息、通讯、副刊",
        error_messages={"unique": "已有同名的等级。"},
    )
    rate = money("千字稿酬（元）", validators=not_negative())
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "稿酬等级"
        verbose_name_plural = "稿酬等级"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return f"{self.name}（千字{self.rate}元）"

    def clean(self) -> None:
        """Take out what pasting brings along; refuse a name without characters."""
        super().clean()
        self.name = clean_line(self.name or "")
        if not self.name:
            raise ValidationError({"name": "等级里没有字，请填写。"})


class Unpaid(models.Model):
    """Someone who gets no fee, being paid otherwise (本报人员)."""

    contributor = models.OneToOneField(
        Contributor,
        verbose_name="作者",
        on_delete=models.CASCADE,
        related_name="unpaid",
        error_messages={"unique": "这位作者已经在表里。"},
    )
    reason = models.CharField("原因", max_length=50, default="本报人员")

    class Meta:
        verbose_name = "不发稿费的作者"
        verbose_name_plural = "不发稿费的作者"
        ordering = ["contributor__name", "pk"]

    def __str__(self) -> str:
        return str(self.contributor)


@register_setting(icon="table", order=410)
class FigureSettings(BaseGenericSetting):
    """The paper's custom of counting and paying (docs/figures.md)."""

    select_related = ["default_grade"]

    punctuation = models.BooleanField("标点计入字数", default=True)
    headline = models.BooleanField("标题（引题、主题、副题、提要）计入字数", default=False)
    captions = models.BooleanField("图片说明计入字数", default=True)
    tables = models.BooleanField("表格计入字数", default=True)
    notes = models.BooleanField("附注计入字数", default=True)

    default_grade = models.ForeignKey(
        Grade,
        verbose_name="未另定时的等级",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="空着：每篇都要定等级，才能关账。",
    )
    minimum = money(
        "每篇最低稿费（元）", validators=not_negative(), help_text="有文字的稿件至少付这么多。"
    )
    picture_fee = money("每张图片稿费（元）", validators=not_negative())
    unpaid_pass_on = models.BooleanField(
        "不发稿费的作者，份额归其他署名人",
        default=False,
        help_text="不勾：他那一份就不发。",
    )

    panels = [
        MultiFieldPanel(
            ["punctuation", "headline", "captions", "tables", "notes"],
            heading="数字数",
            help_text="汉字一个算一个，一个外文词或一个数也各算一个；正文总是计入。",
        ),
        MultiFieldPanel(
            [
                FieldPanel("default_grade"),
                FieldRowPanel(["minimum", "picture_fee"]),
                FieldPanel("unpaid_pass_on"),
            ],
            heading="稿费",
            help_text="改动用于未关账的月份；已关账的稿费表不变。",
        ),
    ]

    class Meta:
        verbose_name = "字数与稿费"
        verbose_name_plural = "字数与稿费"

    @property
    def custom(self) -> Custom:
        """What counts."""
        return Custom(
            punctuation=self.punctuation,
            headline=self.headline,
            captions=self.captions,
            tables=self.tables,
            notes=self.notes,
        )

    def rates(self, grade: Grade | None) -> Rates:
        """What an article of ``grade`` earns."""
        return Rates(
            per_thousand=grade.rate if grade else Decimal(0),
            minimum=self.minimum if grade else Decimal(0),
            per_picture=self.picture_fee,
            passes_on=self.unpaid_pass_on,
        )


class ArticleFigures(models.Model):
    """The counted parts of an article's signed version (``filling``); custom is applied later."""

    article = models.OneToOneField(
        ArticlePage, on_delete=models.CASCADE, primary_key=True, related_name="figures"
    )
    revision = models.BigIntegerField(null=True)
    parts = models.JSONField(default=dict)
    credits = models.JSONField(default=list)

    class Meta:
        verbose_name = "稿件字数"
        verbose_name_plural = "稿件字数"
        default_permissions = ()
        permissions = [("view_figures", "可看产量统计")]

    def __str__(self) -> str:
        return str(self.article_id)


class ArticleFee(models.Model):
    """What was decided for an article; without a row, the settings decide."""

    article = models.OneToOneField(
        ArticlePage, on_delete=models.CASCADE, primary_key=True, related_name="fee"
    )
    grade = models.ForeignKey(
        Grade,
        verbose_name="等级",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_paid = models.BooleanField("发稿费", default=True)
    adjustment = money(
        "加减（元）",
        validators=[MinValueValidator(-MOST, "减得太多。"), MaxValueValidator(MOST, "加得太多。")],
    )
    note = models.CharField("说明", max_length=100, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="核定人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField("核定时间", default=timezone.now)

    class Meta:
        verbose_name = "稿费核定"
        verbose_name_plural = "稿费核定"
        default_permissions = ()

    def __str__(self) -> str:
        return f"稿费：{self.article_id}"


class FeeShare(models.Model):
    """Someone's part in an article as decided: the weight of the share, and the pictures."""

    fee = models.ForeignKey(ArticleFee, on_delete=models.CASCADE, related_name="shares")
    contributor = models.ForeignKey(
        Contributor, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField("姓名", max_length=50)
    weight = models.PositiveSmallIntegerField("份额")
    pictures = models.PositiveSmallIntegerField("图片")

    class Meta:
        verbose_name = "稿费分配"
        verbose_name_plural = "稿费分配"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class FeeSheet(models.Model):
    """The fees of a month as closed (关账): plain data that nothing changes any more.

    A reopened sheet stays as it was; the month gets a new one when it is closed again.
    """

    month = models.DateField("月份")
    lines = models.JSONField("明细")
    # What it pays for, so that no other month does (an issue's date may change).
    articles = models.JSONField("稿件", default=list)
    total = models.DecimalField("合计（元）", max_digits=12, decimal_places=2)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="关账人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    closed_by_name = models.CharField("关账人姓名", max_length=150)
    closed_at = models.DateTimeField("关账时间", default=timezone.now)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="重开人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reopened_at = models.DateTimeField("重开时间", null=True)
    reopened_because = models.CharField("重开原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "月度稿费表"
        verbose_name_plural = "月度稿费表"
        ordering = ["-month", "-pk"]
        default_permissions = ()
        permissions = [("manage_fees", "可管理稿费")]
        constraints = [
            models.UniqueConstraint(
                fields=["month"],
                condition=models.Q(reopened_at=None),
                name="one_closed_fee_sheet_a_month",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month.year}年{self.month.month}月稿费表"

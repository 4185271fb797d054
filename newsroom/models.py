"""The paper's vocabulary: who writes, under which section, with which photo and imprint."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.search import index

from .circulation import Circulation, Extent, NoNetwork, read_networks
from .circulation_form import CirculationForm, YourAddressPanel
from .filing import hidden_path
from .occasions import Occasion
from .recordings import Recording
from .sections import is_in_print
from .traditional import NotOneWord, read_words

__all__ = [
    "CirculationSettings",
    "Contributor",
    "Imprint",
    "Occasion",
    "PressPhoto",
    "PressPhotoRendition",
    "Recording",
    "Section",
    "TraditionalWords",
]


class Section(models.Model):
    """A standing head (栏目) over several articles; the list is kept by the editors."""

    name = models.CharField("栏目名", max_length=20, unique=True)
    slug = models.SlugField(
        "网址用名", max_length=40, unique=True, help_text="只用小写字母和短横，如 workers-voice。"
    )
    position = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "栏目"
        verbose_name_plural = "栏目"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse another name or address for what readers have seen: old issues would change."""
        stored = Section.objects.filter(pk=self.pk).first()
        if stored is None or not is_in_print(stored):
            return
        said = (
            f"“{stored}”已经见报，在这里改会把出版了的各期一起改掉，所以没有改。"
            "请新建一个栏目，今后的稿件用它。"
        )
        changed = [n for n in ("name", "slug") if getattr(self, n) != getattr(stored, n)]
        if changed:
            raise ValidationError(dict.fromkeys(changed, said))


class Contributor(index.Indexed, models.Model):
    """Someone whose name stands in bylines (作者、记者、通讯员)."""

    name = models.CharField("姓名", max_length=50, db_index=True)
    unit = models.CharField(
        "单位", max_length=100, blank=True, help_text="同名的人靠单位区分；不见报。"
    )

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("unit"),
        index.AutocompleteField("unit"),
    ]

    class Meta:
        verbose_name = "作者"
        verbose_name_plural = "作者"
        ordering = ["name", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "unit"],
                name="contributor_once_per_unit",
                violation_error_message="该单位已有同名作者。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）" if self.unit else self.name


class ImprintQuerySet(models.QuerySet["Imprint"]):
    """The imprints of the paper over time."""

    def current(self, at: date | None = None) -> Imprint | None:
        """Return the imprint in force on ``at`` (today unless given), or None before the first."""
        return self.in_force(at or timezone.localdate()).first()

    def in_force(self, day: date) -> ImprintQuerySet:
        """Keep those in force on ``day`` or before, the latest first."""
        return self.filter(since__lte=day).order_by("-since", "-pk")


class Imprint(models.Model):
    """What the paper prints about itself (出版信息), as it stood from a certain day on.

    An issue points to the row it was printed under, so an old issue never shows today's permit
    number; ``newsroom.imprints.amend`` makes the next row instead of changing a used one.
    """

    since = models.DateField(
        "启用日期", default=timezone.localdate, help_text="从这一天出版的各期起使用。"
    )
    name = models.CharField("报名", max_length=30)
    strap = models.CharField(
        "报名旁的标识", max_length=60, blank=True, help_text="如：杭州工会 数字报"
    )
    publisher = models.CharField("出版单位", max_length=100)
    permit_number = models.CharField(
        "准印证号", max_length=60, blank=True, help_text="如：浙企准字第A286号"
    )
    address = models.CharField("社址", max_length=120, blank=True)
    postcode = models.CharField("邮编", max_length=10, blank=True)
    hotline = models.CharField("新闻热线", max_length=60, blank=True)
    submissions_url = models.CharField(
        "投稿网址（见报文字）",
        max_length=200,
        blank=True,
        help_text="照报纸上印的写；读者点它总是到本站的投稿页。",
    )
    submissions_email = models.EmailField("投稿邮箱", blank=True)
    circulation_notice = models.CharField(
        "内部资料声明", max_length=60, blank=True, help_text="如：内部资料 免费交流"
    )
    icp_number = models.CharField(
        "ICP备案号",
        max_length=60,
        blank=True,
        help_text="如：浙ICP备12345678号-1；空着则页脚不显示。",
    )
    police_number = models.CharField(
        "公安备案号",
        max_length=60,
        blank=True,
        validators=[RegexValidator(r"\d{8,}", "公安备案号里应有一串数字，请照备案证明填写。")],
        help_text="如：浙公网安备33010202000000号；空着则页脚不显示。",
    )
    nameplate = models.ForeignKey(
        "newsroom.PressPhoto",
        verbose_name="报头图",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="可不选；不选就用文字报头。",
    )

    objects: ClassVar[Any] = ImprintQuerySet.as_manager()

    class Meta:
        verbose_name = "出版信息"
        verbose_name_plural = "出版信息"
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}（{self.since:%Y-%m-%d}起）"

    @property
    def police_code(self) -> str:
        """The digits of the police filing number, which its look-up page asks for."""
        return "".join(filter(str.isdigit, self.police_number))


class PressPhoto(AbstractImage):
    """A picture with what a newspaper must know of it; ``description`` is its alt text."""

    caption = models.CharField("图片说明", max_length=200, blank=True)
    credit = models.CharField(
        "摄影", max_length=60, blank=True, help_text="拍摄者姓名，如：张三 摄"
    )

    admin_form_fields = (
        "title",
        "file",
        "caption",
        "credit",
        "description",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [
        *Image.search_fields,
        index.SearchField("caption"),
        index.AutocompleteField("caption"),
        index.SearchField("credit"),
    ]

    def get_upload_to(self, filename: str) -> str:
        """Keep the name as it came, in a folder that nobody can guess before it is published."""
        return hidden_path("original_images", self.file.field.storage.get_valid_name(filename))

    class Meta(AbstractImage.Meta):
        verbose_name = "新闻图片"
        verbose_name_plural = "新闻图片"


class PressPhotoRendition(AbstractRendition):
    """One size of a photo, made once and kept."""

    image = models.ForeignKey(PressPhoto, on_delete=models.CASCADE, related_name="renditions")

    def get_upload_to(self, filename: str) -> str:
        """Lie in a folder of the photo's own, which is as hard to guess."""
        folder = PurePosixPath(self.image.file.name).parent.name
        return f"images/{folder}/{self.file.field.storage.get_valid_name(filename)}"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="press_photo_rendition_once",
            )
        ]


@register_setting(icon="lock", order=90)
class CirculationSettings(BaseGenericSetting):
    """Whom the paper is open to: everybody, or those inside (docs/circulation.md)."""

    extent = models.CharField(
        "发行范围",
        max_length=20,
        choices=[
            (Extent.NOTHING.value, "对所有人开放"),
            (Extent.EVERYTHING.value, "整份报纸只在内部看"),
            (Extent.SOME_ISSUES.value, "一部分各期只在内部看"),
        ],
        default=Extent.NOTHING.value,
        help_text="保存后一秒之内，在所有网页、文件、检索、订阅和图片上一起生效。",
    )
    since = models.DateField(
        "从哪天的报起", null=True, blank=True, help_text="按出版日期，含这一天；空着就是从创刊起。"
    )
    until = models.DateField(
        "到哪天的报止", null=True, blank=True, help_text="含这一天；空着就是今后各期都算。"
    )
    networks = models.TextField(
        "单位网络",
        blank=True,
        help_text="从这些地址来的，不用登录就能看。一行一个，如：10.0.0.0/8、202.96.128.0/24、"
        "240e:3a0::/32，或单个地址。不在里面的，用账号登录。",
    )
    notice = models.TextField(
        "给外面的人的话",
        max_length=500,
        blank=True,
        help_text="印在外面的人看到的那一页上，如：读者账号请向本单位工会索取。可以空着。",
    )

    base_form_class = CirculationForm
    panels = [
        MultiFieldPanel(
            [FieldPanel("extent"), FieldRowPanel([FieldPanel("since"), FieldPanel("until")])],
            heading="哪些只在内部看",
            help_text="两个日期只管“一部分各期”。",
        ),
        MultiFieldPanel([FieldPanel("networks"), YourAddressPanel()], heading="谁算内部"),
        FieldPanel("notice"),
    ]

    class Meta:
        verbose_name = "发行范围"

    def clean(self) -> None:
        """Keep what can be kept to: days in order, networks that are some, files of our own."""
        errors: dict[str, str] = {}
        if self.extent == Extent.SOME_ISSUES:
            if not (self.since or self.until):
                errors["since"] = "请写明从哪天的报起，或者到哪天的报止，至少写一个。"
            elif self.since and self.until and self.since > self.until:
                errors["until"] = "“到哪天”早于“从哪天”，请改一个。"
        if self.extent != Extent.NOTHING and not settings.MEDIA_URL.startswith("/"):
            errors["extent"] = (
                "没有保存：照片存在站外的存储里，谁有网址都能打开，关不上。"
                "请先让技术人员把照片改由本站发送（MEDIA_URL）。"
            )
        try:
            self.networks = "\n".join(map(str, read_networks(self.networks)))
        except NoNetwork as no:
            errors["networks"] = (
                f"“{no.written}”范围太大，会把外面的人也算作内部，请写本单位自己的网络。"
                if no.too_wide
                else f"“{no.written}”不是网络地址。请照“10.0.0.0/8”这样写，一行一个。"
            )
        if errors:
            raise ValidationError(errors)

    def as_rule(self) -> Circulation:
        """Return what the settings say, as every surface asks it."""
        return Circulation(
            Extent(self.extent),
            self.since,
            self.until,
            read_networks(self.networks),
            self.notice,
        )


@register_setting(icon="openquote", order=120)
class TraditionalWords(BaseGenericSetting):
    """Words that the pages in traditional characters write as the editors say (docs/hant.md)."""

    words = models.TextField(
        "单独指定的词",
        blank=True,
        max_length=10_000,
        help_text="转成繁体会转错的人名、地名、引文，写在这里，一行一个，网页就照原样不转。"
        "要写成别的字，用等号，如：于谦=于謙。署名和责任编辑总是照原样，不用写。",
    )

    panels = [FieldPanel("words")]

    class Meta:
        verbose_name = "繁体版"

    def clean(self) -> None:
        """Refuse a line that is no word."""
        try:
            read_words(self.words)
        except NotOneWord as no:
            said = f"“{no.line}”看不懂。一行写一个词，最多30个字；要写成别的字，用一个等号。"
            raise ValidationError({"words": said}) from None

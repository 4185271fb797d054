"""The pages of the printed paper (版), as rows of their issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import get_serializable_data_for_fields
from wagtail.models import Orderable

from newsroom.filing import hidden_path
from newsroom.models import PressPhoto

from .folio_versions import with_pages_of_today
from .hot_areas import areas_fault

if TYPE_CHECKING:
    from .models import IssuePage

__all__ = ["Folio", "folios_of"]


def folios_of(issue: IssuePage, told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the folios that a revision of ``issue`` tells of, with their pages of today."""
    rows = Folio.objects.filter(issue=issue.pk).order_by("sort_order", "pk")
    return with_pages_of_today(told, [get_serializable_data_for_fields(row) for row in rows])


def page_pdf_path(folio: Folio, filename: str) -> str:
    """Return where the PDF of a printed page is kept."""
    return hidden_path("pages", folio.page_pdf.field.storage.get_valid_name(filename))


class Folio(Orderable):
    """A page of the printed paper (版), with its picture and PDF where they are kept.

    The page is the issue's as it stands now, whatever version of the masthead is looked at: it is
    changed by the verbs of ``issues.folio_pages`` only.

    ``hot_areas`` says where on the picture each article stands: a list of
    ``{"article": 3, "polygon": "50.9,9.1 95.9,9.1 95.9,59.6"}``, the article by its number in the
    issue, the polygon as in ``issues.hot_areas``.
    """

    issue = ParentalKey("issues.IssuePage", on_delete=models.CASCADE, related_name="folios")
    number = models.PositiveSmallIntegerField(
        "版次",
        validators=[MinValueValidator(1, "版次从1起。"), MaxValueValidator(99, "版次最多两位。")],
    )
    name = models.CharField("版名", max_length=20, blank=True, help_text="如：要闻、综合、副刊")
    responsible_editor = models.CharField("本版责任编辑", max_length=60, blank=True)
    page_image = models.ForeignKey(
        PressPhoto,
        verbose_name="版面图",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    page_pdf = models.FileField(
        "版面PDF",
        blank=True,
        upload_to=page_pdf_path,
        validators=[FileExtensionValidator(["pdf"], "版面文件要用PDF。")],
    )
    hot_areas = models.JSONField("热区", default=list, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "版"
        verbose_name_plural = "各版"

    def __str__(self) -> str:
        return f"第{self.number}版 {self.name}".strip()

    @property
    def has_page(self) -> bool:
        """Whether its printed page is kept, as a picture or as a PDF."""
        return bool(self.page_image_id or self.page_pdf)

    def clean(self) -> None:
        """Validate; an area that cannot be drawn, or is on no picture, is refused."""
        super().clean()
        if fault := areas_fault(self.hot_areas):
            raise ValidationError({"hot_areas": fault})
        if self.hot_areas and not self.page_image_id:
            raise ValidationError({"hot_areas": "有热区，却没有版面图。"})

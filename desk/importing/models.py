"""What was read and is no article yet, kept with every step until an editor has decided."""

from __future__ import annotations

from typing import ClassVar

from django.core.files.storage import Storage, storages
from django.db import models

from interchange.galley import Galley
from interchange.galley_data import from_data
from issues.models import IssuePage

__all__ = ["Import", "ImportPicture", "ImportStep"]


def imports_storage() -> Storage:
    """Return where pictures wait to become photos: a folder that no address leads to."""
    return storages["imports"]


def picture_path(picture: ImportPicture, filename: str) -> str:
    """Return the name of a picture in its storage; ``filename`` may be anything."""
    return f"{picture.importing_id}/{picture.name}"


class Import(models.Model):
    """Copy on its way into an issue, as several editors may work on it.

    What it is now is the galley of its last step. ``source`` is the pasted text, every character
    of which must stand in the galley; empty for files.
    """

    issue = models.ForeignKey(
        IssuePage, verbose_name="期", on_delete=models.CASCADE, related_name="imports"
    )
    title = models.CharField("来源", max_length=200)
    source = models.TextField("原文", blank=True)
    begun_by = models.ForeignKey(
        "accounts.User",
        verbose_name="导入人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    begun_at = models.DateTimeField("开始时间")

    class Meta:
        verbose_name = "导入"
        verbose_name_plural = "导入"

    def __str__(self) -> str:
        return f"{self.issue}的导入：{self.title}"


class ImportStep(models.Model):
    """The galley after one thing was decided; taking it back is deleting the row."""

    importing = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField("步")
    told = models.CharField("做了什么", max_length=200)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField("时间")
    data = models.JSONField("小样")

    class Meta:
        verbose_name = "导入的一步"
        verbose_name_plural = "导入的各步"
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["importing", "number"], name="import_step_once")
        ]

    def __str__(self) -> str:
        return f"第{self.number}步：{self.told}"

    @property
    def galley(self) -> Galley:
        """The galley as it stood then."""
        return from_data(self.data)


class ImportPicture(models.Model):
    """A picture that came along, already without what tells on its sender."""

    importing = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pictures")
    name = models.CharField("文件名", max_length=100)
    file = models.FileField("文件", storage=imports_storage, upload_to=picture_path)

    class Meta:
        verbose_name = "导入的图片"
        verbose_name_plural = "导入的图片"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["importing", "name"], name="import_picture_once")
        ]

    def __str__(self) -> str:
        return self.name

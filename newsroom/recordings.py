"""An editor's own recording (录音) of an article: what is kept of it."""

from __future__ import annotations

from django.db import models
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from wagtail.documents.models import AbstractDocument

from .filing import hidden_path

__all__ = ["FOLDER", "Recording", "length_in_words"]

FOLDER = "recordings"  # below the uploads; no address leads there (issues.uploads, nginx)


def recording_path(recording: Recording, filename: str) -> str:
    """Return where a recording is kept: whatever it was called, in a folder nobody can guess."""
    return hidden_path(FOLDER, recording.file.field.storage.get_valid_name(filename))


def length_in_words(seconds: int) -> str:
    """Return how long something plays: 3分20秒, 1小时5分."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
    if minutes:
        return f"{minutes}分{rest}秒" if rest else f"{minutes}分钟"
    return f"{rest}秒"


class Recording(AbstractDocument):
    """A recording that readers hear in the place of their device's voice.

    Wagtail's document, of which the paper has no other kind. Its file never changes: an article
    names it by its key, and what is signed is what that key plays (docs/adr/0009).
    """

    file = models.FileField("录音文件", upload_to=recording_path)
    seconds = models.PositiveIntegerField("时长（秒）", default=0, editable=False)

    admin_form_fields = ("title", "file")

    class Meta(AbstractDocument.Meta):
        verbose_name = "录音"
        verbose_name_plural = "录音"

    def clean(self) -> None:
        """Look at the file's extension, unless the form has refused the file and said why."""
        if self.file:
            super().clean()

    @property
    def url(self) -> str:
        """Where editors listen to it; readers do at the address of their article."""
        return reverse("recording_file", args=[self.pk])

    @property
    def length(self) -> str:
        """How long it plays, in words."""
        return length_in_words(self.seconds)

    @property
    def size(self) -> int:
        """Its bytes, as they were counted when it was taken in."""
        return self.file_size or 0

    @property
    def size_in_words(self) -> str:
        """How large it is: 1.6 MB."""
        return filesizeformat(self.size)

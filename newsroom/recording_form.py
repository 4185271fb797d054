"""The form of a recording: its title, and its file once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.documents.forms import BaseDocumentForm

from .mp3 import Mp3Refused, read_mp3

__all__ = ["RecordingForm"]

HELP = (
    f"MP3，最多{settings.WAGTAILDOCS_MAX_UPLOAD_SIZE // 1024 // 1024}MB；单声道、码率64就够清楚，"
    "一分钟约半MB。文件里附带的标签（作者、图片等）不保留。"
)
FILE_STAYS = "录音存好后不换文件；要换录音请另传一段，再在稿件里选它。"


class RecordingForm(BaseDocumentForm):
    """Wagtail's form of a document, less changing the file of one that is there."""

    class Meta(BaseDocumentForm.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields.pop("file", None)
            # Wagtail has asked for the field already, which then knows its help.
            self["title"].help_text = FILE_STAYS
        elif "file" in self.fields:
            self.fields["file"].help_text = HELP
            self.fields["file"].widget.attrs["accept"] = ".mp3,audio/mpeg"

    def clean_file(self) -> Any:
        """Keep the sound and nothing that came with it; note how long it plays."""
        file = self.cleaned_data["file"]
        try:
            sound = read_mp3(file.read())
        except Mp3Refused as refused:
            raise ValidationError(str(refused)) from refused
        self.instance.seconds = max(1, round(sound.seconds))
        return ContentFile(sound.data, name=file.name)

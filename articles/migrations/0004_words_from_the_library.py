"""Give photos without words in articles those of the library, which readers saw until now.

In every version alike, so that signatures stand.
"""

from typing import Any

from django.db import migrations
from wagtail.blocks.migrations.migrate_operation import MigrateStreamData
from wagtail.blocks.migrations.operations import BaseBlockOperation

from newsroom.models import PressPhoto


class TakeWords(BaseBlockOperation):
    """Copy what a photo's block leaves empty from the library."""

    operation_name_fragment = "take_words"

    def apply(self, block_value: dict[str, Any]) -> dict[str, Any]:
        words = (
            PressPhoto.objects.filter(pk=block_value.get("image"))
            .values("caption", "credit", "description")
            .first()
        )
        if words is None:
            return block_value
        words["alt"] = words.pop("description")
        return {**block_value, **{name: block_value.get(name) or words[name] for name in words}}


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_photo_words"),
        ("newsroom", "0001_initial"),
    ]

    operations = [
        MigrateStreamData(
            app_name="articles",
            model_name="ArticlePage",
            field_name="body",
            operations_and_block_paths=[(TakeWords(), "photo"), (TakeWords(), "gallery.item")],
        )
    ]

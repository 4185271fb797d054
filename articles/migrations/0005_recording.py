"""An article may have a recording, read out by a person."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_words_from_the_library"),
        ("newsroom", "0004_recording"),
    ]

    operations = [
        migrations.AddField(
            model_name="articlepage",
            name="recording",
            field=models.ForeignKey(
                blank=True,
                help_text="有录音，读者就听录音，不再由手机朗读。换录音和改文字一样，要重新审签。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="newsroom.recording",
                verbose_name="录音",
            ),
        ),
    ]

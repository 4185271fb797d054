"""Days of mourning and festivals: the table of what 总编 sets."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0004_recording"),
    ]

    operations = [
        migrations.CreateModel(
            name="Occasion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "look",
                    models.CharField(
                        choices=[("grey", "悼念：全部灰色"), ("red", "节庆：报头套红")],
                        max_length=10,
                        verbose_name="颜色",
                    ),
                ),
                (
                    "since",
                    models.DateField(
                        blank=True,
                        help_text="管整站时写，含这一天，从零点起。",
                        null=True,
                        verbose_name="从哪天起",
                    ),
                ),
                (
                    "until",
                    models.DateField(
                        blank=True,
                        help_text="含这一天，到半夜止。",
                        null=True,
                        verbose_name="到哪天止",
                    ),
                ),
                (
                    "issue",
                    models.PositiveIntegerField(
                        blank=True,
                        error_messages={"unique": "这一期已经设过颜色，请改那一条。"},
                        help_text="写期号，如450，不写日期：这一期不论哪天读都是这个颜色。空着就是整站。",
                        null=True,
                        unique=True,
                        verbose_name="只管这一期",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        help_text="如：国家公祭日。只给编辑部看，不见报。",
                        max_length=60,
                        verbose_name="事由",
                    ),
                ),
            ],
            options={
                "verbose_name": "悼念日与节庆",
                "verbose_name_plural": "悼念日与节庆",
                "ordering": ["-since", "-issue", "-pk"],
            },
        ),
    ]

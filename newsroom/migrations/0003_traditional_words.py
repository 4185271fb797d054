"""A setting: words that the pages in traditional characters write as the editors say."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0002_circulation"),
    ]

    operations = [
        migrations.CreateModel(
            name="TraditionalWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        help_text="转成繁体会转错的人名、地名、引文，写在这里，一行一个，网页就照原样不转。要写成别的字，用等号，如：于谦=于謙。署名和责任编辑总是照原样，不用写。",
                        max_length=10000,
                        verbose_name="单独指定的词",
                    ),
                ),
            ],
            options={
                "verbose_name": "繁体版",
            },
        ),
    ]

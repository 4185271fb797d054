"""A timer that remembers what it was told, and links to what is not public yet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="issuepage",
            name="publish_articles",
            field=models.TextField(
                blank=True, default="", editable=False, verbose_name="安排时已定稿的稿件"
            ),
        ),
        migrations.AddField(
            model_name="issuepage",
            name="publish_refusal",
            field=models.TextField(
                blank=True, default="", editable=False, verbose_name="到时没有出版的原因"
            ),
        ),
        migrations.AddField(
            model_name="issuepage",
            name="publish_without_unfinished",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="定时出版时不带未定稿的稿件"
            ),
        ),
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nonce", models.CharField(editable=False, max_length=16)),
                ("with_drafts", models.BooleanField(default=False, verbose_name="连同草稿")),
                ("made_at", models.DateTimeField(verbose_name="分享时间")),
                ("until", models.DateTimeField(verbose_name="有效至")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="收回时间"),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preview_links",
                        to="issues.issuepage",
                        verbose_name="期",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="分享人",
                    ),
                ),
            ],
            options={"verbose_name": "预览链接", "verbose_name_plural": "预览链接"},
        ),
    ]

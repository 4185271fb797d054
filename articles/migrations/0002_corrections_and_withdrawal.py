"""Corrections to printed articles, and articles that were withdrawn."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="articlepage",
            options={
                "permissions": [
                    ("sign_article", "可签发定稿"),
                    ("correct_article", "可登更正"),
                    ("withdraw_article", "可撤稿"),
                ],
                "verbose_name": "稿件",
                "verbose_name_plural": "稿件",
            },
        ),
        migrations.AddField(
            model_name="articlepage",
            name="title_withdrawn",
            field=models.BooleanField(default=False, editable=False, verbose_name="标题也不再显示"),
        ),
        migrations.AddField(
            model_name="articlepage",
            name="withdrawn_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="撤稿时间"
            ),
        ),
        migrations.AddField(
            model_name="articlepage",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="撤稿人",
            ),
        ),
        migrations.AddField(
            model_name="articlepage",
            name="withdrawn_reason",
            field=models.TextField(
                blank=True, editable=False, max_length=500, verbose_name="撤稿原因"
            ),
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("correction", "更正"),
                            ("supplement", "补充说明"),
                            ("apology", "致歉"),
                        ],
                        default="correction",
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "date",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="日期"),
                ),
                (
                    "wrong",
                    models.CharField(
                        blank=True,
                        help_text="从见报的文字里抄出有误的一句；可不填。",
                        max_length=300,
                        verbose_name="原文",
                    ),
                ),
                (
                    "right",
                    models.CharField(
                        blank=True,
                        help_text="改正后的这一句。",
                        max_length=300,
                        verbose_name="更正为",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="读者看到的话，如：“第3段‘8817家’应为‘8818家’，特此更正。”一行一段。",
                        max_length=1000,
                        validators=[
                            django.core.validators.MaxLengthValidator(1000, "最多1000个字。")
                        ],
                        verbose_name="更正内容",
                    ),
                ),
                (
                    "needs_printing",
                    models.BooleanField(
                        default=True,
                        help_text="下一期的组版台会提醒，直到刊登为止。",
                        verbose_name="在以后一期的报上也刊登",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="登记时间"),
                ),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="articles.articlepage",
                        verbose_name="稿件",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "printed_in",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="corrections_printed",
                        to=settings.WAGTAIL_PAGE_MODEL,
                        verbose_name="刊登于",
                    ),
                ),
            ],
            options={
                "verbose_name": "更正",
                "verbose_name_plural": "更正",
                "ordering": ["-date", "-pk"],
            },
        ),
    ]

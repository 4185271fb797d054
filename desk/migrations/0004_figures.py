from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_corrections_and_withdrawal"),
        ("desk", "0003_proofreading"),
        ("newsroom", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleFigures",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="figures",
                        serialize=False,
                        to="articles.articlepage",
                    ),
                ),
                ("revision", models.BigIntegerField(null=True)),
                ("parts", models.JSONField(default=dict)),
                ("credits", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "稿件字数",
                "verbose_name_plural": "稿件字数",
                "permissions": [("view_figures", "可看产量统计")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Grade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        error_messages={"unique": "已有同名的等级。"},
                        help_text="如：甲、乙、丙，或：消息、通讯、副刊",
                        max_length=20,
                        unique=True,
                        verbose_name="等级",
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.00"),
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0"), "金额不能是负数。"
                            )
                        ],
                        verbose_name="千字稿酬（元）",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
            ],
            options={
                "verbose_name": "稿酬等级",
                "verbose_name_plural": "稿酬等级",
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="ArticleFee",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="fee",
                        serialize=False,
                        to="articles.articlepage",
                    ),
                ),
                ("is_paid", models.BooleanField(default=True, verbose_name="发稿费")),
                (
                    "adjustment",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.00"),
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("-99999.99"), "减得太多。"
                            ),
                            django.core.validators.MaxValueValidator(
                                Decimal("99999.99"), "加得太多。"
                            ),
                        ],
                        verbose_name="加减（元）",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                (
                    "decided_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="核定时间"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核定人",
                    ),
                ),
                (
                    "grade",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.grade",
                        verbose_name="等级",
                    ),
                ),
            ],
            options={
                "verbose_name": "稿费核定",
                "verbose_name_plural": "稿费核定",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FeeShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                ("weight", models.PositiveSmallIntegerField(verbose_name="份额")),
                ("pictures", models.PositiveSmallIntegerField(verbose_name="图片")),
                (
                    "contributor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="newsroom.contributor",
                    ),
                ),
                (
                    "fee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="desk.articlefee",
                    ),
                ),
            ],
            options={
                "verbose_name": "稿费分配",
                "verbose_name_plural": "稿费分配",
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FigureSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("punctuation", models.BooleanField(default=True, verbose_name="标点计入字数")),
                (
                    "headline",
                    models.BooleanField(
                        default=False, verbose_name="标题（引题、主题、副题、提要）计入字数"
                    ),
                ),
                ("captions", models.BooleanField(default=True, verbose_name="图片说明计入字数")),
                ("tables", models.BooleanField(default=True, verbose_name="表格计入字数")),
                ("notes", models.BooleanField(default=True, verbose_name="附注计入字数")),
                (
                    "minimum",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.00"),
                        help_text="有文字的稿件至少付这么多。",
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0"), "金额不能是负数。"
                            )
                        ],
                        verbose_name="每篇最低稿费（元）",
                    ),
                ),
                (
                    "picture_fee",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0.00"),
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0"), "金额不能是负数。"
                            )
                        ],
                        verbose_name="每张图片稿费（元）",
                    ),
                ),
                (
                    "unpaid_pass_on",
                    models.BooleanField(
                        default=False,
                        help_text="不勾：他那一份就不发。",
                        verbose_name="不发稿费的作者，份额归其他署名人",
                    ),
                ),
                (
                    "default_grade",
                    models.ForeignKey(
                        blank=True,
                        help_text="空着：每篇都要定等级，才能关账。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.grade",
                        verbose_name="未另定时的等级",
                    ),
                ),
            ],
            options={
                "verbose_name": "字数与稿费",
                "verbose_name_plural": "字数与稿费",
            },
        ),
        migrations.CreateModel(
            name="Unpaid",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(default="本报人员", max_length=50, verbose_name="原因"),
                ),
                (
                    "contributor",
                    models.OneToOneField(
                        error_messages={"unique": "这位作者已经在表里。"},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unpaid",
                        to="newsroom.contributor",
                        verbose_name="作者",
                    ),
                ),
            ],
            options={
                "verbose_name": "不发稿费的作者",
                "verbose_name_plural": "不发稿费的作者",
                "ordering": ["contributor__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FeeSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="月份")),
                ("lines", models.JSONField(verbose_name="明细")),
                ("articles", models.JSONField(default=list, verbose_name="稿件")),
                (
                    "total",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="合计（元）"),
                ),
                ("closed_by_name", models.CharField(max_length=150, verbose_name="关账人姓名")),
                (
                    "closed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="关账时间"
                    ),
                ),
                ("reopened_at", models.DateTimeField(null=True, verbose_name="重开时间")),
                (
                    "reopened_because",
                    models.CharField(blank=True, max_length=200, verbose_name="重开原因"),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="关账人",
                    ),
                ),
                (
                    "reopened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="重开人",
                    ),
                ),
            ],
            options={
                "verbose_name": "月度稿费表",
                "verbose_name_plural": "月度稿费表",
                "ordering": ["-month", "-pk"],
                "permissions": [("manage_fees", "可管理稿费")],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reopened_at", None)),
                        fields=("month",),
                        name="one_closed_fee_sheet_a_month",
                    )
                ],
            },
        ),
    ]

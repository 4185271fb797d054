import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("desk", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "one_signs_several",
                    models.BooleanField(
                        default=False,
                        help_text="人手不够时的例外。谁一人签了几道，会印在审稿单上。",
                        verbose_name="一人可以签几道审",
                    ),
                ),
                (
                    "may_sign_own",
                    models.BooleanField(
                        default=False,
                        help_text="人手不够时的例外。谁签了自己建的稿件，会印在审稿单上。",
                        verbose_name="可以审自己的稿件",
                    ),
                ),
                (
                    "tell_by_mail",
                    models.BooleanField(
                        default=True,
                        help_text="轮到谁审、退回、定稿时发一封邮件。各人也可以在“账号”里关掉自己的。",
                        verbose_name="用邮件通知",
                    ),
                ),
            ],
            options={"verbose_name": "审稿规则"},
        ),
        migrations.CreateModel(
            name="ProofMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "一校"), (2, "二校"), (3, "三校")], verbose_name="校次"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proof_marks",
                        to="articles.articlepage",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "校次",
                "verbose_name_plural": "校次",
                "constraints": [
                    models.UniqueConstraint(fields=("article", "round"), name="proof_round_once")
                ],
            },
        ),
    ]

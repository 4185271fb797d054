import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_review"),
        ("articles", "0001_initial"),
        ("issues", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BannedWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "word",
                    models.CharField(
                        error_messages={"unique": "这个词已经在表里，请去改原来那一条。"},
                        max_length=50,
                        unique=True,
                        verbose_name="禁用词",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        help_text="提示时一并显示，如：应称“残疾人”",
                        max_length=200,
                        verbose_name="理由或改法",
                    ),
                ),
            ],
            options={
                "verbose_name": "禁用词",
                "verbose_name_plural": "禁用词",
                "ordering": ["word"],
            },
        ),
        migrations.CreateModel(
            name="Leader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                (
                    "post",
                    models.CharField(
                        help_text="照见报的写；几个职务用顿号隔开，如：市人大常委会副主任、市总工会主席",
                        max_length=100,
                        verbose_name="职务",
                    ),
                ),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True, verbose_name="排名次序"
                    ),
                ),
                (
                    "since",
                    models.DateField(
                        blank=True, help_text="空着：一直是。", null=True, verbose_name="任职自"
                    ),
                ),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="空着：现任。", null=True, verbose_name="任职至"
                    ),
                ),
            ],
            options={
                "verbose_name": "姓名职务",
                "verbose_name_plural": "姓名职务",
                "ordering": ["rank", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ProofreadingSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "internal",
                    models.BooleanField(
                        default=True,
                        help_text="查准印证号，查“广告”“售价”等内部资料不该有的字样。有正式刊号的报纸不勾。",
                        verbose_name="按内部资料的规定检查",
                    ),
                ),
                (
                    "own_name",
                    models.CharField(
                        blank=True,
                        choices=[("本报", "本报"), ("本刊", "本刊"), ("", "都可以")],
                        default="本报",
                        max_length=4,
                        verbose_name="自称",
                    ),
                ),
                (
                    "switched_off",
                    models.JSONField(blank=True, default=list, verbose_name="不查的规则"),
                ),
                (
                    "test_links",
                    models.BooleanField(
                        default=False,
                        help_text="在检查页上按“检查链接”，服务器会去访问稿件里的网址。内网里的服务器访问不到外面，请不要勾。",
                        verbose_name="检查网址能否打开",
                    ),
                ),
            ],
            options={
                "verbose_name": "校对规则",
            },
        ),
        migrations.CreateModel(
            name="WordRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "wrong",
                    models.CharField(
                        error_messages={"unique": "这个错词已经在表里，请去改原来那一条。"},
                        help_text="稿件里出现它就会提示，如：一本帐",
                        max_length=50,
                        unique=True,
                        verbose_name="错词",
                    ),
                ),
                (
                    "right",
                    models.CharField(
                        help_text="应该写成什么，如：一本账", max_length=50, verbose_name="正词"
                    ),
                ),
                (
                    "remark",
                    models.CharField(
                        blank=True,
                        help_text="只给编辑看，可不填。",
                        max_length=100,
                        verbose_name="说明",
                    ),
                ),
            ],
            options={
                "verbose_name": "错词",
                "verbose_name_plural": "错词",
                "ordering": ["wrong"],
            },
        ),
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.TextField(verbose_name="网址")),
                ("fault", models.CharField(blank=True, max_length=200, verbose_name="问题")),
                ("at", models.DateTimeField(verbose_name="检查时间")),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="link_checks",
                        to="issues.issuepage",
                        verbose_name="期",
                    ),
                ),
            ],
            options={
                "verbose_name": "链接检查",
                "verbose_name_plural": "链接检查",
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AcceptedAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, verbose_name="标识")),
                ("code", models.CharField(max_length=50, verbose_name="规则")),
                ("level", models.CharField(max_length=10, verbose_name="级别")),
                ("quote", models.TextField(blank=True, verbose_name="原文")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("by_name", models.CharField(max_length=200, verbose_name="认可人姓名")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="认可时间")),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accepted_alarms",
                        to="articles.articlepage",
                        verbose_name="稿件",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="认可人",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accepted_alarms",
                        to="issues.issuepage",
                        verbose_name="期",
                    ),
                ),
            ],
            options={
                "verbose_name": "认可的提示",
                "verbose_name_plural": "认可的提示",
                "permissions": [
                    ("accept_alarm", "可认可校对提示"),
                    ("accept_blocking_alarm", "可认可“必须改”的校对提示"),
                ],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issue", "key"), name="alarm_accepted_once_per_issue"
                    )
                ],
            },
        ),
    ]

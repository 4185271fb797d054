"""Levels of the rules; answers to alarms that belong to an article or to an issue."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0004_figures"),
        ("issues", "0002_publishing"),
    ]

    operations = [
        migrations.AddField(
            model_name="proofreadingsettings",
            name="levels",
            field=models.JSONField(blank=True, default=dict, verbose_name="各条规则"),
        ),
        migrations.AlterField(
            model_name="proofreadingsettings",
            name="own_name",
            field=models.CharField(
                blank=True,
                choices=[
                    ("none", "不称本报、本刊（内部资料的规定）"),
                    ("本报", "本报"),
                    ("本刊", "本刊"),
                    ("", "都可以"),
                ],
                default="none",
                max_length=4,
                verbose_name="自称",
            ),
        ),
        migrations.AlterField(
            model_name="acceptedalarm",
            name="issue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="accepted_alarms",
                to="issues.issuepage",
                verbose_name="期",
            ),
        ),
    ]

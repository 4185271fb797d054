"""An answer belongs to one of both; the list of rules switched off is gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0006_move_rule_levels_and_answers")]

    operations = [
        migrations.RemoveField(model_name="proofreadingsettings", name="switched_off"),
        migrations.AddConstraint(
            model_name="acceptedalarm",
            constraint=models.UniqueConstraint(
                fields=("article", "key"), name="alarm_accepted_once_per_article"
            ),
        ),
        migrations.AddConstraint(
            model_name="acceptedalarm",
            constraint=models.CheckConstraint(
                condition=models.Q(("article__isnull", False), ("issue", None))
                | models.Q(("article", None), ("issue__isnull", False)),
                name="alarm_accepted_of_article_or_issue",
            ),
        ),
    ]

"""Carry over which rules were switched off, and to which article an answer belongs."""

from django.db import migrations


def forwards(apps, schema_editor):
    for row in apps.get_model("desk", "ProofreadingSettings").objects.all():
        row.levels = dict.fromkeys(row.switched_off, "off")
        row.save(update_fields=["levels"])
    # Their keys hold the number of the article and cannot be reckoned anew from what was stored:
    # these alarms ask once more. Who answered stays here and in the history.
    answers = apps.get_model("desk", "AcceptedAlarm").objects
    answers.filter(article__isnull=False).update(issue=None)


def backwards(apps, schema_editor):
    for row in apps.get_model("desk", "ProofreadingSettings").objects.all():
        row.switched_off = sorted(code for code, level in row.levels.items() if level == "off")
        row.save(update_fields=["switched_off"])
    answers = apps.get_model("desk", "AcceptedAlarm").objects
    told = set()
    for answer in answers.filter(issue=None).select_related("article").order_by("pk"):
        # One answer to a key in an issue was enough.
        if (answer.article.issue_id, answer.key) in told:
            answer.delete()
            continue
        told.add((answer.article.issue_id, answer.key))
        answer.issue_id = answer.article.issue_id
        answer.save(update_fields=["issue"])


class Migration(migrations.Migration):
    dependencies = [("desk", "0005_rule_levels_and_following_answers")]

    operations = [migrations.RunPython(forwards, backwards)]

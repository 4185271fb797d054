"""What is still to be told to nginx; rows, so that nothing is lost when a process ends."""

from __future__ import annotations

from django.db import models

__all__ = ["Kept", "Noted", "Owed"]


class Noted(models.Model):
    """Something changed; where that shows is yet to be found out (``renewing.find_out``)."""

    class What(models.TextChoices):
        """What ``key`` names."""

        PAGE = "page", "期或稿件"
        SECTION = "section", "栏目"
        CONTRIBUTOR = "contributor", "作者"
        PAPER = "paper", "各页都有的内容"
        ALL = "all", "谁可以读"

    what = models.CharField(max_length=12, choices=What.choices)
    key = models.CharField(max_length=255, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.key}".strip()


class Owed(models.Model):
    """An address that nginx is to take anew, or to forget until its file is made.

    Each is taken twice, the second time a few seconds later (``settled``): an answer that was
    already under way when the change was made may come in after the first.
    """

    address = models.CharField(max_length=300)
    forget = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField()
    settled = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["due", "rank"], name="owed_by_urgency")]

    def __str__(self) -> str:
        return self.address


class Kept(models.Model):
    """What nginx keeps of an issue (``facts.Issue``), to tell what a change of it shows on."""

    issue = models.PositiveIntegerField(primary_key=True)  # 0 is what every page shows
    facts = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.issue)

"""Who gets new issues by e-mail, and how far the sending of each has come."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone

from issues.models import IssuePage
from newsroom.sealing import SealedField

__all__ = ["Asked", "Delivery", "Sending", "Subscription"]


def new_token() -> str:
    """Return what opens one subscription to whoever got a mail for it."""
    return secrets.token_urlsafe(24)


class Subscription(models.Model):
    """An address that asked for new issues; nobody is ever shown it, and leaving erases the row.

    Until it is confirmed from the mailbox itself, nothing but that question is sent to it.
    """

    email = SealedField("邮箱")
    # Finds an address again without telling it (subscribing.digests_of).
    digest = models.CharField(max_length=64, unique=True, editable=False)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField("申请时间", default=timezone.now, db_index=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True, db_index=True)
    refusals = models.PositiveSmallIntegerField("接连被拒收的次数", default=0)
    # While next_try is set, a confirmation mail is owed.
    next_try = models.DateTimeField("下次尝试", null=True, blank=True, db_index=True)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    # It was queued again, and is not once more before that.
    queued_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "邮件订阅"
        verbose_name_plural = "邮件订阅"
        default_permissions = ("view", "delete")

    def __str__(self) -> str:
        """Say nothing of the address: the log keeps these words after the row is gone."""
        return f"邮件订阅（{timezone.localtime(self.asked_at):%Y-%m-%d}）"


class Asked(models.Model):
    """How often a mailbox was asked lately whether it wants issues, so that nobody pesters it.

    No address and nothing that leads to one: it outlives the subscription, which leaving erases.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    questions = models.PositiveSmallIntegerField("确认邮件", default=0)
    forget_at = models.DateTimeField("忘记时间", db_index=True)

    class Meta:
        verbose_name = "确认邮件的次数"
        verbose_name_plural = "确认邮件的次数"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}：{self.questions}"


class Sending(models.Model):
    """The sending of one issue, which begins once; to whom it still has to go: ``deliveries``."""

    issue = models.OneToOneField(
        IssuePage, verbose_name="期", on_delete=models.CASCADE, related_name="sending"
    )
    begun_at = models.DateTimeField("开始时间")
    subscribers = models.PositiveIntegerField("订阅数", default=0)
    sent = models.PositiveIntegerField("已发出", default=0)
    refused = models.PositiveIntegerField("被拒收", default=0)
    # The minute of the last batch is over then, for every issue; a pause after trouble is its own.
    next_batch = models.DateTimeField("下一批")
    paused_until = models.DateTimeField("停到", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("接连失败的次数", default=0)
    last_error = models.CharField("最近的错误", max_length=300, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "整期邮件"
        verbose_name_plural = "整期邮件"
        ordering = ["-begun_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.issue}的邮件"


class Delivery(models.Model):
    """One mail that is still to be sent; the row goes when it is sent.

    Whoever sends takes it first (``taken_at``). One that was taken and is still there was cut off
    while the server had it: nobody knows whether it arrived, and it is not sent again.
    """

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="deliveries")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="deliveries"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    next_try = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "待发邮件"
        verbose_name_plural = "待发邮件"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["sending", "subscription"], name="one_mail_per_issue_and_subscription"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sending}：{self.pk}"

"""What a newsroom may decide about its reviews."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="check", order=100)
class ReviewRules(BaseGenericSetting):
    """Exceptions for a paper too small for three readers, and whether reviews are told by mail."""

    one_signs_several = models.BooleanField(
        "一人可以签几道审",
        default=False,
        help_text="人手不够时的例外。谁一人签了几道，会印在审稿单上。",
    )
    may_sign_own = models.BooleanField(
        "可以审自己的稿件",
        default=False,
        help_text="人手不够时的例外。谁签了自己建的稿件，会印在审稿单上。",
    )
    tell_by_mail = models.BooleanField(
        "用邮件通知",
        default=True,
        help_text="轮到谁审、退回、定稿时发一封邮件。各人也可以在“账号”里关掉自己的。",
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel("one_signs_several"), FieldPanel("may_sign_own")], heading="例外"
        ),
        FieldPanel("tell_by_mail"),
    ]

    class Meta:
        verbose_name = "审稿规则"

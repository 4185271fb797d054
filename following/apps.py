"""App configuration."""

from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "following"
    verbose_name = "订阅与开放"

    def ready(self) -> None:
        from django.db.models.signals import post_save
        from wagtail.contrib.redirects.models import Redirect
        from wagtail.models import PageLogEntry
        from wagtail.signals import page_slug_changed

        from .addresses import forms, moving, noting
        from .feeds import hub

        forms.check_redirects()
        page_slug_changed.connect(moving.keep_old_number)
        post_save.connect(noting.forget_redirected, sender=Redirect)
        post_save.connect(hub.note_news, sender=PageLogEntry)

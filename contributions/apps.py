"""App configuration."""

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "contributions"
    verbose_name = "投稿"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete
        from wagtail.signals import page_published

        from articles.models import ArticlePage

        from . import checks, tracing, triage  # noqa: F401

        page_published.connect(tracing.trace_when_signed, sender=ArticlePage)
        pre_delete.connect(triage.reopen_when_deleted, sender=ArticlePage)

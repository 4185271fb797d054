"""App configuration."""

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "contributions"
    verbose_name = "投稿"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from articles.models import ArticlePage

        from . import checks, tracing  # noqa: F401

        page_published.connect(tracing.trace_when_signed, sender=ArticlePage)

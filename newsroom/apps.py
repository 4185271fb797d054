"""App configuration."""

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "编辑部"

    def ready(self) -> None:
        from . import checks  # noqa: F401

"""App configuration."""

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "编辑部"

    def ready(self) -> None:
        from . import checks, labels, photo_policy  # noqa: F401

        labels.label_fields()
        photo_policy.register()

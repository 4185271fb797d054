"""App configuration."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = "组版台"

    def ready(self) -> None:
        from issues.publishing import objectors

        from .proofreading.objecting import object_to_alarms
        from .review import notices, objecting

        objectors.append(objecting.unsigned_articles)
        objectors.append(object_to_alarms)
        notices.take_over()

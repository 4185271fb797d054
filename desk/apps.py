"""App configuration."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = "组版台"

    def ready(self) -> None:
        from django.db.models.signals import post_delete
        from django_tasks.signals import task_finished

        from issues.folio_pages import forget_strays
        from issues.publishing import objectors
        from newsroom import tending

        from .folios import models as folios
        from .folios import reading
        from .proofreading.objecting import object_to_alarms
        from .review import notices, objecting

        objectors.append(objecting.unsigned_articles)
        objectors.append(object_to_alarms)
        notices.take_over()
        post_delete.connect(folios.remove_file, sender=folios.PageUpload)
        task_finished.connect(reading.note_given_up)
        tending.further["background"] += [
            ("清除的没有做成的版面 / failed page uploads removed", folios.forget_failed),
            ("清除的没有用上的版面图 / stray pictures of pages removed", forget_strays),
        ]

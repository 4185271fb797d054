"""App configuration."""

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_save


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = "运行维护"

    def ready(self) -> None:
        """Hear of what runs by itself, of what readers see, and have to see at once."""
        from wagtail.models import ModelLogEntry, PageLogEntry

        from newsroom import circulating, heartbeats

        from . import sentry
        from .front import noting
        from .health.heartbeats import note
        from .replica import checks  # noqa: F401  # registers them
        from .replica.router import REPLICA, note_change

        heartbeats.listeners.append(note)
        noting.connect()
        circulating.circulation_changed.append(noting.forget_everything)
        sentry.begin()
        if REPLICA in settings.DATABASES:
            for sender in (PageLogEntry, ModelLogEntry):
                post_save.connect(note_change, sender=sender, dispatch_uid="operations.replica")

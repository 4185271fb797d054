"""App configuration."""

from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    name = "interchange"
    verbose_name = "交换"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import PageLogEntry

        from issues import downloads
        from newsroom import dressing

        from . import editions, offering
        from .models import Edition

        downloads.offers.append(offering.offer_editions)
        post_save.connect(editions.note_change, sender=PageLogEntry)
        dressing.looks_changed.append(editions.note_looks)
        post_delete.connect(editions.remove_file, sender=Edition)

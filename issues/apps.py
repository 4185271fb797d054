"""App configuration."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "issues"
    verbose_name = "各期"

    def ready(self) -> None:
        from newsroom import imprints

        from . import publishing
        from .models import IssuePage

        publishing.objectors.append(publishing.own_objections)
        imprints.in_print.append(lambda imprint: IssuePage.objects.filter(imprint=imprint).live())

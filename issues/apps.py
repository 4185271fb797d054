"""App configuration."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "issues"
    verbose_name = "各期"

    def ready(self) -> None:
        from newsroom import imprints  # noqa: PLC0415

        from . import publishing  # noqa: PLC0415
        from .models import IssuePage  # noqa: PLC0415

        publishing.objectors.append(publishing.own_objections)
        imprints.in_print.append(lambda imprint: IssuePage.objects.filter(imprint=imprint).live())

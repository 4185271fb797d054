"""App configuration."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "issues"
    verbose_name = "各期"

    def ready(self) -> None:
        from newsroom import imprints

        from . import publishing, sequence
        from .models import IssuePage

        publishing.objectors.append(publishing.own_objections)
        # Also one that was taken back: what was printed under an imprint stays printed so.
        imprints.in_print.append(
            lambda imprint: IssuePage.objects.filter(
                imprint=imprint, first_published_at__isnull=False
            )
        )
        imprints.followers.append(sequence.follow_imprint)

"""App configuration."""

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "issues"
    verbose_name = "各期"

    def ready(self) -> None:
        from articles.models import ArticlePage
        from newsroom import imprints, sections

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
        sections.in_print.append(
            lambda section: ArticlePage.objects.live().filter(
                section=section, issue__first_published_at__isnull=False
            )
        )

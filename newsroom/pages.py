"""What all our page classes share: one way to render, and what a revision may not bring back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from http import HTTPMethod
from typing import Any, ClassVar

from django.db.models import PROTECT
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from wagtail.models import Page, PageViewRestriction, Revision
from wagtail.url_routing import RouteResult

from .permissions import Doors
from .previews import editors_preview
from .querysets import restrictions


class PaperPage(Page):
    """A page of the paper.

    Its view is a plain function ``view(request, page)`` named by dotted path, since models do not
    import views; ``request.is_preview`` tells the view which of Wagtail's two doors was used.
    """

    view: ClassVar[str]
    doors: ClassVar[type[Doors]] = Doors
    # Columns that belong to the page as it stands now and not to a version of its text: bringing
    # back or publishing an older revision must not bring back these (docs/adr/0003).
    outside_revisions: ClassVar[tuple[str, ...]] = ()

    # Nothing is sent to a page: what readers fill in has views of its own.
    allowed_http_methods: ClassVar[list[HTTPMethod]] = [
        HTTPMethod.GET,
        HTTPMethod.HEAD,
        HTTPMethod.OPTIONS,
    ]

    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> Doors:
        """Return what ``user`` may do here; the doors are of the specific class."""
        if self.specific_class and not isinstance(self, self.specific_class):
            return self.specific_deferred.permissions_for_user(user)
        return self.doors(user, self)

    @property
    def is_public(self) -> bool:
        """Whether readers get this page (apart from view restrictions)."""
        return self.live

    @property
    def issue_date(self) -> datetime.date | None:
        """The date of the issue that this page belongs to; None for what belongs to none."""
        return None

    @property
    def public_url(self) -> str | None:
        """The address at which readers find this page, or None while they do not."""
        return self.url if self.is_public else None

    def with_content_json(self, content: dict[str, Any]) -> PaperPage:
        """Return this page with a revision's content, keeping what is outside revisions."""
        # Wagtail would take the first three from a revision that was made after publication.
        outside = (
            *("first_published_at", "last_published_at", "live_revision"),
            *self.outside_revisions,
        )
        now = {name: self._meta.get_field(name).value_from_object(self) for name in outside}
        # Before, since an old revision may name what is gone, which Wagtail would stumble over;
        # and after, since Wagtail puts some of its own back.
        page = super().with_content_json({**content, **now, **self._instead_of_gone(content)})
        for name, value in now.items():
            setattr(page, self._meta.get_field(name).attname, value)
        return page

    def _instead_of_gone(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return today's value of each protected relation whose target in ``content`` is gone."""
        return {
            field.name: field.value_from_object(self)
            for field in self._meta.concrete_fields
            if field.many_to_one and field.remote_field.on_delete is PROTECT
            if content.get(field.name) is not None
            if not field.related_model._base_manager.filter(pk=content[field.name]).exists()
        }

    def save_revision(
        self, *args: Any, overwrite_revision: Revision | None = None, **kwargs: Any
    ) -> Revision:
        """Keep a version; one that was signed, published or handed in is never written over.

        Autosave writes over its own last revision, also from a window left open after signing.
        """
        if overwrite_revision is not None and (
            overwrite_revision.task_states.exists()
            or Page.objects.filter(live_revision=overwrite_revision).exists()
        ):
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    def page_below(self, slug: str) -> PaperPage | None:
        """Return the page that is reached through this one by ``slug``, ready for its view."""
        return None

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page at an address, in half the queries that Wagtail takes.

        What is below is of one class here, and restrictions were looked up for the request.
        """
        self.know_restrictions(request)
        if not path_components:
            return super().route(request, path_components)
        page = self.page_below(path_components[0])
        if page is None:
            raise Http404
        page._cached_parent_obj = self  # get_parent() looks there first, as after Wagtail's route
        return page.route(request, path_components[1:])

    def know_restrictions(self, request: HttpRequest) -> None:
        """Keep what ``get_view_restrictions`` would look up."""
        self.known_restrictions = [
            each for each in restrictions(request) if self.path.startswith(each.page.path)
        ]

    def get_view_restrictions(self) -> Iterable[PageViewRestriction]:
        """Return those of this page and of what it lies under."""
        known: list[PageViewRestriction] | None = getattr(self, "known_restrictions", None)
        return super().get_view_restrictions() if known is None else known

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a reader."""
        return self.respond(request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Answer an editor who looks at what is not public yet."""
        request.is_preview = True
        request.preview_mode = mode_name
        request.preview = editors_preview()
        return self.respond(request)

    def respond(self, request: HttpRequest, view: str | None = None, **kwargs: Any) -> HttpResponse:
        """Hand over to the page's view, or to another one of its own by dotted path."""
        request.is_preview = getattr(request, "is_preview", False)
        return import_string(view or self.view)(request, self, **kwargs)

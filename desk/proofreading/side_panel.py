"""The panel 校对 beside the text, in the editor of an article."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.urls import reverse
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.create import CreateView

from .alarms import Level


class ProofreadingSidePanel(BaseSidePanel):
    """What the rules say of the text on the screen; static/js/proofreading.js fills it."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "打开或收起校对"
        icon_name = "clipboard-list"

    name = "proofreading"
    title = "校对"
    template_name = "desk/proofreading/side_panel.html"
    order = 340

    def __init__(self, article: Any, request: Any, *, issue_pk: int) -> None:
        super().__init__(article, request)
        self.issue_pk = issue_pk

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {
            **super().get_context_data(parent_context),
            # The script puts the key in: a new article has none yet, and gets one by autosave.
            "check_url": reverse("desk_check", args=[0]),
            "check_new_url": reverse("desk_check_new", args=[self.issue_pk]),
            "accept_url": reverse("desk_alarm_accept", args=[self.issue_pk]),
            "checks_url": reverse("desk_checks", args=[self.issue_pk]),
            "levels": [(level.value, level.label) for level in Level],
        }

    @property
    def media(self) -> Media:
        """What the panel needs on the page."""
        return Media(css={"all": ["css/proofreading.css"]}, js=["js/proofreading.js"])


class BesideTheText:
    """A page editor with the panel; the parts that an autosave sends back leave it alone."""

    page: Any
    request: Any

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()  # type: ignore[misc]  # Wagtail's views have it
        if not getattr(self, "expects_json_response", False) and not getattr(
            self, "hydrate_create_view", False
        ):
            issue = self.parent_page if isinstance(self, CreateView) else self.page.get_parent()
            panels.append(ProofreadingSidePanel(self.page, self.request, issue_pk=issue.pk))
        return panels


class ArticleCreateView(BesideTheText, CreateView):
    """Wagtail's form for a new page, with the panel."""

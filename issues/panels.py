"""How an issue is laid out in the editor."""

from typing import Any

from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, Panel

from .sequence import doubts


class DoubtsPanel(Panel):
    """What does not fit together in the date line, said where it can be mended."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "issues/admin/doubts_panel.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None and bool(self.doubts)

        @property
        def doubts(self) -> list[str]:
            """The doubts about the issue as saved."""
            return doubts(self.instance)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "doubts": self.doubts}


ISSUE_PANELS = [
    DoubtsPanel(),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("number"), FieldPanel("date"), FieldPanel("lunar_date")]),
            FieldRowPanel([FieldPanel("responsible_editor"), FieldPanel("imprint")]),
        ],
        heading="刊头",
        help_text="都已按上一期拟好，核对即可。改了日期，农历会跟着改。",
    ),
    InlinePanel(
        "folios",
        [
            FieldRowPanel(
                [FieldPanel("number"), FieldPanel("name"), FieldPanel("responsible_editor")]
            )
        ],
        heading="版面",
        label="版",
        help_text="只有一个版、又没有版名时可以不填。",
    ),
]

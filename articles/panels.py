"""How an article is laid out in the editor."""

from typing import Any

from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, Panel
from wagtail.admin.panels.base import get_form_for_model

from newsroom.models import Contributor

from .forms import KNOWN_NAMES, NameInput


class KnownNamesPanel(Panel):
    """The names that byline fields offer, once for all of them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "articles/admin/known_names_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            names = Contributor.objects.order_by("name").values_list("name", flat=True).distinct()
            return {"id": KNOWN_NAMES, "names": names}


class LinesPanel(InlinePanel):
    """An inline panel whose lines have a form class of their own (``base_form_class``)."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        model = self.db_field.related_model
        lines = self.child_edit_handler.get_form_options()
        options["formsets"][self.relation_name]["form"] = get_form_for_model(
            model,
            form_class=model.base_form_class,
            defer_required_on_fields=lines.get("defer_required_on_fields", []),
        )
        return options


COPY_PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("kicker"),
            FieldPanel(
                "title", heading="主题", help_text="大标题。标题中的空格是版面上转行的地方。"
            ),
            FieldPanel("subhead"),
        ],
        heading="标题",
    ),
    FieldPanel("standfirst", classname="collapsed"),
    FieldPanel(
        "body", help_text="把整篇正文粘贴进来即可；小标题：光标放在那一行，点工具栏的“小标题”。"
    ),
    LinesPanel(
        "bylines",
        [
            FieldRowPanel([FieldPanel("name", widget=NameInput), FieldPanel("role")]),
            FieldPanel("contributor", classname="collapsed"),
        ],
        heading="署名",
        label="署名",
        help_text="按见报的次序。输入姓名时会提示已有的作者；新的姓名保存后自动记下。",
    ),
    KnownNamesPanel(),
    FieldPanel("recording", icon="media"),
    FieldPanel("verbatim_punctuation", classname="collapsed"),
]

PLACEMENT_PANELS = [
    FieldRowPanel([FieldPanel("folio"), FieldPanel("section"), FieldPanel("prominence")]),
]

REMARK_PANELS = [
    LinesPanel(
        "remarks",
        [
            FieldRowPanel([FieldPanel("kind"), FieldPanel("after")]),
            FieldPanel("text"),
        ],
        heading="编者注记（不见报）",
        label="注记",
        help_text="只有编辑看得见。预览时选“带编者注记”，就能看到它们在文中的位置。",
    ),
]

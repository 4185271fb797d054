"""How an article is laid out in the editor."""

from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from .forms import NameInput

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
    InlinePanel(
        "bylines",
        [
            FieldRowPanel([FieldPanel("name", widget=NameInput), FieldPanel("role")]),
            FieldPanel("contributor"),
        ],
        heading="署名",
        label="署名",
        help_text="按见报的次序。输入姓名时会提示已有的作者；新的姓名保存后自动记下。",
    ),
    FieldPanel("verbatim_punctuation", classname="collapsed"),
]

PLACEMENT_PANELS = [
    FieldRowPanel([FieldPanel("folio"), FieldPanel("section"), FieldPanel("prominence")]),
]

REMARK_PANELS = [
    InlinePanel(
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

"""The editors' lists: contributors, sections, imprints, days of mourning and festivals."""

from __future__ import annotations

from typing import Any

from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import EditView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from .forms import SectionForm
from .imprints import amend, is_in_print
from .models import Contributor, Imprint, Occasion, Section


class ContributorViewSet(ModelViewSet):
    """作者."""

    model = Contributor
    icon = "user"
    menu_label = "作者"
    menu_order = 300
    add_to_admin_menu = True
    list_display = ["name", "unit"]
    search_fields = ["name", "unit"]
    form_fields = ["name", "unit"]
    copy_view_enabled = False


class SectionViewSet(ModelViewSet):
    """栏目."""

    model = Section
    icon = "list-ul"
    menu_label = "栏目"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["name", "slug"]
    sort_order_field = "position"
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[SectionForm]:
        """Return the form that finds an address by itself."""
        return SectionForm


class ImprintEditView(EditView):
    """Editing an imprint that stands in print makes the next one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.request.method == "GET" and is_in_print(self.object):
            messages.warning(
                self.request,
                "已有出版的报纸用着这份出版信息，它不会被改动：保存后另成一份，从今天起的新一期使用。",
            )
        return super().get_context_data(**kwargs)

    def save_instance(self) -> Imprint:
        saved = amend(imprint=self.form.save(commit=False))
        log(instance=saved, action="wagtail.edit", content_changed=self.form.has_changed())
        return saved


class ImprintViewSet(ModelViewSet):
    """出版信息."""

    model = Imprint
    icon = "info-circle"
    menu_label = "出版信息"
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["name", "since", "permit_number", "publisher"]
    edit_view_class = ImprintEditView
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("since"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("name"), FieldPanel("strap")]),
                    FieldRowPanel([FieldPanel("publisher"), FieldPanel("permit_number")]),
                    FieldRowPanel([FieldPanel("address"), FieldPanel("postcode")]),
                    FieldPanel("nameplate"),
                ],
                heading="报头与版权栏",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("hotline"), FieldPanel("submissions_email")]),
                    FieldPanel("submissions_url"),
                ],
                heading="联系",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("circulation_notice"),
                    FieldRowPanel([FieldPanel("icp_number"), FieldPanel("police_number")]),
                ],
                heading="声明与备案",
            ),
        ]
    )


class OccasionViewSet(ModelViewSet):
    """悼念日与节庆."""

    model = Occasion
    icon = "date"
    menu_label = "悼念日与节庆"
    menu_order = 91  # beside 发行范围
    add_to_settings_menu = True
    list_display = [
        "reason",
        Column("where", label="何时、哪一期"),
        Column("get_look_display", label="颜色"),
    ]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("look"),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("since"), FieldPanel("until")])],
                heading="整站",
                help_text="这几天里，所有网页、分享图一起变；这几天出版的各期，PDF也照这个颜色排。",
            ),
            MultiFieldPanel(
                [FieldPanel("issue")],
                heading="一期",
                help_text="这一期的网页、分享图、PDF，以后一直是这个颜色。",
            ),
            FieldPanel("reason"),
        ]
    )

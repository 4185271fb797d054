"""The house's lists in the admin: 错词表, 禁用词表, 姓名职务表."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from contributions.tables import write_csv, write_xlsx

from .models import BannedWord, Leader, WordRule

SHORT_WORD = (
    "已保存。“{word}”只有一个字，很多正确的词里也会有它，提示会多；可改成长一些的词，如“一本帐”。"
)
CONTAINED = "已保存。注意：正词“{right}”里本来就含有“{wrong}”，写对了的地方不会提示。"


class HouseIndexView(IndexView):
    """A list of the house, which can be carried away as a table that no spreadsheet executes."""

    default_ordering: Any = None

    def get_filename(self) -> str:
        return f"{self.model._meta.verbose_name}表-{timezone.localdate():%Y-%m-%d}"

    def table_of(self, found: Iterable[Model]) -> Iterator[list[str]]:
        """Yield the rows of the table, the headings first."""
        fields = [self.model._meta.get_field(name) for name in self.list_export]
        yield [str(field.verbose_name) for field in fields]
        for row in found:
            values = (field.value_from_object(row) for field in fields)
            yield ["" if value is None else str(value) for value in values]

    def write_csv_response(self, queryset: QuerySet[Model]) -> StreamingHttpResponse:
        response = StreamingHttpResponse(
            write_csv(self.table_of(queryset)), content_type="text/csv"
        )
        name = f"{self.get_filename()}.csv"
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def write_xlsx(self, queryset: QuerySet[Model], output: IO[bytes]) -> None:
        write_xlsx(self.table_of(queryset), output, sheet=str(self.model._meta.verbose_name))


class WordIndexView(HouseIndexView):
    """错词表, with the way to paste many at once."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        buttons = list(super().header_buttons)
        if self.user_has_permission("add"):
            paste = reverse("desk_paste_words")
            buttons.append(HeaderButton("粘贴一批", url=paste, icon_name="copy"))
        return buttons


class _WarnsOfShortWords:
    """Saving a rule that will speak too often is allowed, and told."""

    def save_instance(self) -> WordRule:
        rule: WordRule = super().save_instance()  # type: ignore[misc]  # Wagtail's views have it
        if len(rule.wrong) == 1:
            messages.warning(self.request, SHORT_WORD.format(word=rule.wrong))
        elif rule.wrong in rule.right:
            messages.info(self.request, CONTAINED.format(wrong=rule.wrong, right=rule.right))
        return rule


class WordCreateView(_WarnsOfShortWords, CreateView):
    """A new wrong word."""


class WordEditView(_WarnsOfShortWords, EditView):
    """A wrong word mended."""


class WordRuleViewSet(ModelViewSet):
    """错词表."""

    model = WordRule
    icon = "edit"
    menu_label = "错词表"
    index_view_class = WordIndexView
    add_view_class = WordCreateView
    edit_view_class = WordEditView
    list_display = ["wrong", "right", "remark"]
    list_export = ["wrong", "right", "remark"]
    search_fields = ["wrong", "right", "remark"]
    ordering = ["wrong"]
    list_per_page = 50
    copy_view_enabled = False
    add_to_reference_index = False
    edit_handler = ObjectList(
        [FieldRowPanel([FieldPanel("wrong"), FieldPanel("right")]), FieldPanel("remark")]
    )


class BannedWordViewSet(ModelViewSet):
    """禁用词表."""

    model = BannedWord
    icon = "warning"
    menu_label = "禁用词表"
    index_view_class = HouseIndexView
    list_display = ["word", "reason"]
    list_export = ["word", "reason"]
    search_fields = ["word", "reason"]
    ordering = ["word"]
    list_per_page = 50
    copy_view_enabled = False
    add_to_reference_index = False
    form_fields = ["word", "reason"]


class LeaderViewSet(ModelViewSet):
    """姓名职务表, whose order is that in which leaders are named."""

    model = Leader
    icon = "group"
    menu_label = "姓名职务表"
    index_view_class = HouseIndexView
    list_display = ["name", "post", "since", "until"]
    list_export = ["name", "post", "since", "until"]
    search_fields = ["name", "post"]
    ordering = ["rank"]
    sort_order_field = "rank"
    list_per_page = 100
    copy_view_enabled = False
    add_to_reference_index = False
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("post")]),
            FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
        ]
    )


class HouseListsGroup(ViewSetGroup):
    """校对词表."""

    menu_label = "校对词表"
    menu_icon = "glasses"
    menu_order = 330
    items = (WordRuleViewSet(), BannedWordViewSet(), LeaderViewSet())

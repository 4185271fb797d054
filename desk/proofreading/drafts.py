"""Read an article out of the form in which it is being written, and store nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from draftjs_exporter.error import ExporterException

from articles.forms import ArticleForm
from articles.models import ArticlePage
from interchange import schema
from interchange.bodies import passages_of_block
from issues.models import IssuePage

from .gathering import Copy, PhotoShelf

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["UnreadableForm", "read_draft"]

UNSAVED = 0  # stands in for the number that a new article has not been given yet
ROLES = {role.value for role in schema.Role}


class UnreadableForm(ValueError):
    """What was posted is no form of an article."""


def read_draft(posted: QueryDict, *, article: ArticlePage, issue: IssuePage, by: User) -> Copy:
    """Return the article that ``posted`` holds, by its own form, valid or not.

    The form is bound and checked as a draft, so that the copy is cleaned as saving would clean it;
    it is never saved. What a field refuses is taken as it was typed: it is checked all the same.
    Raises UnreadableForm for what no editor's form posts.
    """
    form_class: type[ArticleForm] = article.get_edit_handler().get_form_class()
    try:
        form = form_class(posted, instance=article, parent_page=issue, for_user=by)
        form.defer_required_fields()
        form.is_valid()
        return _copy(form, article)
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
        ExporterException,
    ) as error:
        # The blocks of a body read their fields without asking whether they are there.
        raise UnreadableForm from error


def _copy(form: Any, article: ArticlePage) -> Copy:
    shelf = PhotoShelf([])
    body, block_ids = [], []
    for block in _value(form, "body") or ():
        for passage in passages_of_block(block.block_type, block.value, shelf):
            body.append(passage)
            block_ids.append(block.id or "")
    data = schema.Article(
        number=article.number or UNSAVED,
        kicker=_text(form, "kicker"),
        title=_text(form, "title"),
        subhead=_text(form, "subhead"),
        standfirst=_text(form, "standfirst"),
        verbatim_punctuation=bool(_value(form, "verbatim_punctuation")),
        # Where it stands, not where the form would like it to: that is for issues.placing.
        folio=article.folio,
        section=article.section.name if article.section else "",
        prominence=schema.Prominence(article.prominence),
        bylines=tuple(_bylines(form)),
        body=tuple(body),
    )
    return Copy(article.pk, data, tuple(block_ids))


def _text(form: Any, name: str) -> str:
    return str(_value(form, name) or "")


def _value(form: Any, name: str) -> Any:
    """Return a field as cleaned, or as typed where the form refuses it."""
    cleaned = getattr(form, "cleaned_data", {})
    if name in cleaned:
        return cleaned[name]
    field = form.fields[name]
    return field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))


def _bylines(form: Any) -> list[schema.Byline]:
    """Return the lines that are not struck out, in the order in which they stand on the screen."""
    found = []
    for place, line in enumerate(form.formsets["bylines"].forms):
        name, role = _text(line, "name"), _text(line, "role")
        struck = _value(line, "DELETE") if "DELETE" in line.fields else False
        order = _text(line, "ORDER") if "ORDER" in line.fields else ""
        if name and not struck:
            known = schema.Role(role) if role in ROLES else schema.Role.NONE
            at = int(order) if order.isdecimal() else place
            found.append(((at, place), schema.Byline(name=name, role=known)))
    return [byline for _, byline in sorted(found, key=lambda each: each[0])]

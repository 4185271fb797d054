"""Fill in the admin's own forms, the way a browser would, with only the changes given."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from articles.blocks import COPY_FEATURES

TEXT = "<p>7月27日,比赛在建德开赛。</p>"


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def edit_form(client: Client, page: Page) -> dict[str, str]:
    """Return what the edit form of ``page`` would post if nothing were touched."""
    answer = client.get(edit_url(page))
    assert answer.status_code == 200, answer.status_code
    return form_of(answer, page)


def add_form(client: Client, parent: Page, model: type[Page]) -> dict[str, str]:
    """Return what the form of a new page would post, with an empty body."""
    answer = client.get(add_url(parent, model))
    assert answer.status_code == 200, answer.status_code
    return form_of(answer, model())


def add_url(parent: Page, model: type[Page]) -> str:
    kind = (model._meta.app_label, model._meta.model_name)
    return reverse("wagtailadmin_pages:add", args=[*kind, parent.pk])


def form_of(answer: HttpResponse, page: Page) -> dict[str, str]:
    """Collect the fields of the page editor; the body, which script draws, comes from ``page``."""
    data = fields_of(answer.content)
    if any(name == "body" for name in (field.name for field in page._meta.get_fields())):
        latest = page
        if page.pk:
            latest = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
        stored = list(latest.body.raw_data)
        data |= body_data([(child["type"], child["value"]) for child in stored])
        data |= {f"body-{place}-id": child["id"] for place, child in enumerate(stored)}
    return data


def fields_of(html: bytes | str) -> dict[str, str]:
    """Collect the fields that stand in the page editor; those that script draws do not."""
    form = BeautifulSoup(html, "html.parser").find("form", id="page-edit-form")
    assert isinstance(form, Tag)
    return {
        field["name"]: value
        for field in form.find_all(["input", "select", "textarea"])
        if field.get("name") and (value := _value(field)) is not None
        if "__prefix__" not in field["name"]
    }


def body_data(blocks: list[tuple[str, Any]]) -> dict[str, str]:
    """Return the fields of a body; a paragraph is given as HTML."""
    items = [(kind, rich(value) if kind == "paragraph" else value) for kind, value in blocks]
    return nested_form_data({"body": streamfield(items)})


def rich(html: str) -> str:
    """Return ``html`` as the text editor posts it."""
    return rich_text(html, features=COPY_FEATURES)


def bylines_data(*names: str) -> dict[str, str]:
    """Return the fields of new bylines, in order."""
    return nested_form_data(
        {"bylines": inline_formset([{"name": name, "role": ""} for name in names])}
    )


def new_article(title: str = "新的一篇", *, text: str = TEXT, **fields: Any) -> dict[str, str]:
    """Return a whole form for a new article, for those who cannot open one."""
    return {
        "title": title,
        "kicker": "",
        "subhead": "",
        "standfirst": "",
        "folio": "1",
        "section": "",
        "prominence": "normal",
        **body_data([("paragraph", text)]),
        **bylines_data("张晓燕"),
        **nested_form_data({"remarks": inline_formset([]), "comments": inline_formset([])}),
        **fields,
    }


def new_issue(number: int, day: str, imprint: int, **fields: Any) -> dict[str, str]:
    """Return a whole form for a new issue, for those who cannot open one."""
    return {
        "number": str(number),
        "date": day,
        "lunar_date": "",
        "responsible_editor": "",
        "imprint": str(imprint),
        **nested_form_data({"folios": inline_formset([]), "comments": inline_formset([])}),
        **fields,
    }


def errors_of(answer: HttpResponse) -> str:
    """Return every message of a refused form, for an assertion to look into."""
    form = answer.context["form"]
    told = [text for errors in form.errors.as_data().values() for e in errors for text in _told(e)]
    for formset in form.formsets.values():
        told += [str(error) for error in formset.non_form_errors()]
        told += [str(e) for child in formset.errors for errors in child.values() for e in errors]
    return "；".join(told)


def messages_of(answer: HttpResponse) -> str:
    """Return what the next screen would tell, for an assertion to look into."""
    return "；".join(str(message) for message in answer.wsgi_request._messages)


def _told(error: ValidationError) -> list[str]:
    """Return the messages of an error; those of a body lie within its blocks."""
    if isinstance(error, StreamBlockValidationError):
        inner = [*error.block_errors.values(), *(error.non_block_errors or [])]
        return [text for each in inner for text in _told(each)]
    return [text for each in getattr(error, "data", [error]) for text in _messages(each)]


def _messages(error: ValidationError) -> list[str]:
    return list(error.messages)


def _value(field: Tag) -> str | None:
    match field.name:
        case "textarea":
            return field.get_text().removeprefix("\n")
        case "select":
            chosen = field.find("option", selected=True)
            return str(chosen["value"]) if chosen else ""
    if field.get("type") in ("checkbox", "radio"):
        return str(field.get("value", "on")) if field.has_attr("checked") else None
    if field.get("type") in ("submit", "button", "file"):
        return None
    return str(field.get("value", ""))

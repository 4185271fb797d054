"""House rules that the machine keeps: `manage.py check` fails where one is broken."""

from typing import Any

from django.core.checks import Error, Tags, register
from wagtail.models import Page, get_page_models

from .pages import PaperPage

DECLARED = ("parent_page_types", "subpage_types", "view", "doors")


@register(Tags.models)
def page_classes_declare_their_place(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Each page class of ours says under what it stands, what stands under it, and its view."""
    return [
        Error(
            f"{model.__name__} does not declare {name}.",
            hint=f"Set {name} in the body of the class, not by inheritance.",
            obj=model,
            id="newsroom.E001",
        )
        for model in get_page_models()
        if model is not Page and not model.__module__.startswith("wagtail.")
        for name in DECLARED
        if name not in model.__dict__
    ] + [
        Error(
            f"{model.__name__} is no PaperPage.",
            hint="Derive it from newsroom.pages.PaperPage, which closes Wagtail's own doors.",
            obj=model,
            id="newsroom.E002",
        )
        for model in get_page_models()
        if model is not Page
        and not model.__module__.startswith("wagtail.")
        and not issubclass(model, PaperPage)
    ]

"""Register the parts that interchange adds to Wagtail's admin."""

from django.http import HttpRequest
from wagtail import hooks

from .offering import FailingEditionsPanel


@hooks.register("construct_homepage_panels")
def show_failing_editions(request: HttpRequest, panels: list) -> None:
    panels.append(FailingEditionsPanel())

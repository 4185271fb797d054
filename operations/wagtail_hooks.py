"""Register what operations add to Wagtail's admin."""

from django.http import HttpRequest
from wagtail import hooks

from .health.panel import SilencePanel


@hooks.register("construct_homepage_panels")
def show_silence(request: HttpRequest, panels: list) -> None:
    panels.append(SilencePanel())

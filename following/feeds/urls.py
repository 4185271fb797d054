"""Addresses of the feeds: of the paper, and below what else has one."""

from django.urls import re_path

from . import sources
from .formats import FORMATS
from .views import feed

FEEDS = (
    ("", "feed", sources.paper),
    (r"sections/(?P<slug>[-a-zA-Z0-9_]+)/", "section_feed", sources.section),
    (r"contributors/(?P<key>[1-9][0-9]{0,17})/", "contributor_feed", sources.contributor),
    ("corrections/", "corrections_feed", sources.corrections),
)

urlpatterns = [
    re_path(
        rf"^{at}{file.replace('.', '[.]')}$",
        feed,
        {"of": of, "form": form},
        name=name if file == "feed/" else f"{name}_{file[5:]}",
    )
    for at, name, of in FEEDS
    for file, form in FORMATS.items()
]

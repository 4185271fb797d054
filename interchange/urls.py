"""Addresses of an issue as a file: before Wagtail's, beside the issue's own."""

import re

from django.urls import re_path

from . import views
from .formats import FORMATS

FILES = "|".join(map(re.escape, FORMATS))

urlpatterns = [
    re_path(
        rf"^(?P<number>[1-9][0-9]{{0,4}})/(?P<file>{FILES})$", views.download, name="issue_file"
    ),
]

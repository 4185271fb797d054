"""Register what articles add to Wagtail's admin."""

import wagtail.admin.rich_text.editors.draftail.features as draftail_features
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.rich_text.converters.html_to_contentstate import BlockElementHandler

from .copy import CROSSHEAD
from .crediting import remember
from .models import ArticlePage
from .recording_views import recording_file


@hooks.register("register_admin_urls")
def register_urls():
    return [path("recordings/<int:pk>.mp3", recording_file, name="recording_file")]


@hooks.register("register_rich_text_features")
def register_crosshead(features) -> None:
    """Let one click make the line under the cursor a crosshead, and back."""
    kind = "header-two"
    features.register_editor_plugin(
        "draftail",
        "crosshead",
        draftail_features.BlockFeature(
            {"type": kind, "label": "小标题", "description": "小标题", "element": CROSSHEAD}
        ),
    )
    features.register_converter_rule(
        "contentstate",
        "crosshead",
        {
            "from_database_format": {
                heading: BlockElementHandler(kind)
                for heading in ("h1", "h2", "h3", "h4", "h5", "h6")
            },
            "to_database_format": {"block_map": {kind: CROSSHEAD}},
        },
    )


@hooks.register("insert_global_admin_js")
def pin_toolbar() -> SafeString:
    """Keep the toolbar of running text in sight."""
    return format_html('<script src="{}"></script>', static("js/pin_toolbar.js"))


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def remember_contributors(request: HttpRequest, page) -> None:
    """Keep the names of a deliberately saved article; autosave would keep half-typed ones."""
    if isinstance(page, ArticlePage) and request.accepts("text/html"):
        remember(names=[byline.name for byline in page.bylines.all()])

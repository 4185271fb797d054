"""Wagtail: its admin in Chinese, pictures, search, and what of it is switched off."""

from .environment import env
from .language import LANGUAGES, TIME_ZONE

WAGTAIL_SITE_NAME = env("PAPER_NAME", default="数字报")
# Chinese, alike on both databases; another engine of Wagtail's may stand here (docs/search.md).
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backend"}}
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "articles.text_area.TextArea"}}
WAGTAILIMAGES_IMAGE_MODEL = "newsroom.PressPhoto"
WAGTAILIMAGES_IMAGE_FORM_BASE = "newsroom.photo_form.PhotoForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000  # all frames together; asked before any is decoded
# The only documents of the paper are recordings of its articles.
WAGTAILDOCS_DOCUMENT_MODEL = "newsroom.Recording"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "newsroom.recording_form.RecordingForm"
WAGTAILDOCS_EXTENSIONS = ["mp3"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 30 * 1024 * 1024  # an hour of speech at 64 kbps
WAGTAIL_ENABLE_UPDATE_CHECK = False  # asks a server abroad; the machine may stand in an intranet
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_DATE_FORMAT = "%Y-%m-%d"
WAGTAIL_DATETIME_FORMAT = "%Y-%m-%d %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"
# Approval signs one revision; Wagtail's own finish would publish the newest (docs/adr/0004).
# Whoever is to sign is told, not every admin.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "desk.review.finishing.finish_review"

# Only an issue that was out leads on from its old number (following.addresses.moving).
WAGTAILREDIRECTS_AUTO_CREATE = False

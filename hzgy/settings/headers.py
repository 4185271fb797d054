"""What browsers are told to do with our pages, and not to do."""

from .readers import WECHAT_APP_ID, WECHAT_APP_SECRET, WECHAT_SCRIPT
from .storage import MEDIA_URL

# Where uploads are at an address of their own, pictures come from there.
MEDIA_ORIGIN = [] if MEDIA_URL.startswith("/") else ["/".join(MEDIA_URL.split("/")[:3])]
# Reader pages load nothing from anywhere else, and no script but our own.
SELF, NONE = "'self'", "'none'"
OF_READERS = {
    "default-src": [SELF],
    "img-src": [SELF, "data:", *MEDIA_ORIGIN],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    # Wagtail shows previews in a frame of its own pages.
    "frame-ancestors": [SELF],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": OF_READERS}
# By the beginning of the address (newsroom.headers).
CONTENT_POLICIES = {
    "/admin/": {
        "default-src": [SELF],
        # Wagtail's editor of running text writes its style sheets while it runs. Its scripts in
        # the page are replaced by data (newsroom.inline_scripts).
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:", *MEDIA_ORIGIN],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
    # Uploads are pictures; whatever else one may be, it runs nothing.
    MEDIA_URL: {"default-src": [NONE], "sandbox": True},
}
# With an account there, WeChat's script in WeChat's own browser; nowhere near what people fill in.
if WECHAT_APP_ID and WECHAT_APP_SECRET:
    SCRIPTS = [SELF, "/".join(WECHAT_SCRIPT.split("/")[:3])]
    CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**OF_READERS, "script-src": SCRIPTS}}
    FORMS = ("/contribute/", "/subscribe/", "/unsubscribe/", "/preview/", "/login/")
    CONTENT_POLICIES |= dict.fromkeys(FORMS, OF_READERS)
X_FRAME_OPTIONS = "SAMEORIGIN"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # style sheets and scripts are for our own pages
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

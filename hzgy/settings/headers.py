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
# With an account there, WeChat's script in WeChat's own browser; nowhere near what people fill in.
WECHAT = bool(WECHAT_APP_ID and WECHAT_APP_SECRET)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **OF_READERS,
        **({"script-src": [SELF, "/".join(WECHAT_SCRIPT.split("/")[:3])]} if WECHAT else {}),
    },
}
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
    **dict.fromkeys(
        ("/contribute/", "/subscribe/", "/unsubscribe/", "/preview/", "/login/"), OF_READERS
    ),
}
X_FRAME_OPTIONS = "SAMEORIGIN"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # style sheets and scripts are for our own pages
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

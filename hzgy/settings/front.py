"""Who stands in front of the paper: proxies, and what keeps its pages."""

from django.core.exceptions import ImproperlyConfigured

from .environment import env

# How many proxies of our own stand in front, each adding to X-Forwarded-For.
PROXIES = env.int("PROXIES", default=0)

# Who keeps pages in front of us and hears of changes (docs/front.md): nginx on our machines, by
# the addresses of its own port for that, and any other backend of Wagtail's, such as a CDN.
WAGTAILFRONTENDCACHE = {
    **{
        f"nginx{number}": {"BACKEND": "operations.front.nginx.NginxBackend", "LOCATION": url}
        for number, url in enumerate(env.list("FRONT", default=[]), start=1)
    },
    **env.json("FRONT_CDN", default={}),
}
FRONT_SHUT = env("FRONT_SHUT", default="")
if env.list("FRONT", default=[]) and not FRONT_SHUT:
    raise ImproperlyConfigured(
        "设置了 FRONT，还要设置 FRONT_SHUT，否则报纸关不上 / FRONT needs FRONT_SHUT, the file by "
        "which nginx stops handing out what it keeps (docs/front.md)"
    )

"""Every address of the site: our own views first, then Wagtail's tree of pages."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from issues import preview_views as preview
from newsroom import views as newsroom

# nginx serves uploads in production; a bucket has an address of its own.
uploads = (
    [path(f"{settings.MEDIA_URL[1:]}<path:path>", serve, {"document_root": settings.MEDIA_ROOT})]
    if settings.MEDIA_URL.startswith("/")
    else []
)

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("tg.htm", RedirectView.as_view(url="/contribute/", permanent=True)),
    path("contribute/", include("contributions.urls")),
    re_path(r"^preview/(?P<token>[^/]+)/$", preview.front_page, name="preview_issue"),
    re_path(
        r"^preview/(?P<token>[^/]+)/(?P<number>[1-9][0-9]{0,8})/$",
        preview.article,
        name="preview_article",
    ),
    re_path(r"^preview/[\s\S]*$", preview.nothing),
    path("about/", newsroom.about, name="about"),
    path("accessibility/", newsroom.accessibility, name="accessibility"),
    *uploads,
    path("", include(wagtail_urls)),
]

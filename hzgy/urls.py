"""Every address of the site: our own views first, then Wagtail's tree of pages."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from articles import recording_views as recordings
from issues import folio_views, manifest_view, serving
from issues import preview_views as preview
from issues import uploads as files
from newsroom import comfort_views as comforts
from newsroom import login_views as logins
from newsroom import views as newsroom
from operations.access import views as access

# nginx serves uploads in production, having asked; a bucket has an address of its own.
uploads = (
    [
        path(f"{settings.MEDIA_URL[1:]}<path:path>", files.upload),
        path("uploads-allowed/", files.may_have),
    ]
    if settings.MEDIA_URL.startswith("/")
    else []
)

handler400 = "operations.error_pages.bad_request"
handler403 = "operations.error_pages.forbidden"
handler404 = "following.addresses.views.not_found"
handler500 = "operations.error_pages.server_error"

# Wagtail's own, less two ways in that ask for no second step and count no tries; it looks for them
# by their names.
of_wagtail = [
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        access.page_password,
        name="wagtailcore_authenticate_with_password",
    ),
    path(
        "_util/login/",
        RedirectView.as_view(url=settings.WAGTAIL_FRONTEND_LOGIN_URL, query_string=True),
        name="wagtailcore_login",
    ),
    re_path(wagtail_urls.serve_pattern, serving.serve, name="wagtail_serve"),
]

urlpatterns = [
    path("admin/login/", access.SignIn.as_view()),
    path("admin/second-step/", access.second_step, name="second_step"),
    path("admin/", include(wagtailadmin_urls)),
    path("login/", access.ReaderSignIn.as_view(), name="login"),
    path("logout/", logins.Logout.as_view(), name="logout"),
    path("tg.htm", RedirectView.as_view(url="/contribute/", permanent=True)),
    path("contribute/", include("contributions.urls")),
    re_path(r"^preview/(?P<token>[^/]+)/$", preview.front_page, name="preview_issue"),
    re_path(
        r"^preview/(?P<token>[^/]+)/(?P<number>[1-9][0-9]{0,8})/$",
        preview.article,
        name="preview_article",
    ),
    re_path(r"^preview/[\s\S]*$", preview.nothing),
    re_path(
        r"^(?P<number>[1-9][0-9]{0,4})/folio-(?P<folio>[1-9][0-9]?)\.pdf$",
        folio_views.page_pdf,
        name="folio_pdf",
    ),
    re_path(
        r"^(?P<number>[1-9][0-9]{0,4})/(?P<article>[1-9][0-9]{0,8})\.mp3$",
        recordings.listen,
        name="article_recording",
    ),
    re_path(
        r"^(?P<number>[1-9][0-9]{0,4})/manifest\.json$",
        manifest_view.manifest,
        name="issue_manifest",
    ),
    path("", include("interchange.urls")),
    path("", include("search.urls")),
    path("", include("following.urls")),
    path("about/", newsroom.about, name="about"),
    path("accessibility/", newsroom.accessibility, name="accessibility"),
    path("privacy/", newsroom.privacy, name="privacy"),
    path("reading/", comforts.reading, name="reading"),
    path("reading/comfort.css", comforts.comfort_style, name="comfort_style"),
    *uploads,
    *of_wagtail,
]

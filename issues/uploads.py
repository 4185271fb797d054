"""Hand out uploaded files: of a paper that stays inside, only to those who may see their page."""

from __future__ import annotations

import errno
import posixpath
from http import HTTPStatus
from urllib.parse import unquote

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.models import Page, ReferenceIndex

from articles.models import ArticlePage
from newsroom.circulating import may_keep_for_everybody, outside_of
from newsroom.gate import turned_away
from newsroom.models import Imprint, PressPhoto, PressPhotoRendition
from newsroom.recordings import FOLDER as RECORDINGS

from .models import Folio, IssuePage

__all__ = ["is_open_to_reader", "may_have", "upload"]

# What nginx asks once, and takes for every file, until it asks again.
A_SECOND = "public, max-age=1"


@require_safe
def upload(request: HttpRequest, path: str) -> HttpResponseBase:
    """Hand out a file, where no web server does, or where it was refused there.

    Recordings are not handed out here: readers get them with their article, and no longer.
    """
    if posixpath.normpath(path).lstrip("/").partition("/")[0] == RECORDINGS:
        raise Http404("没有这个文件。")
    if not is_open_to_reader(path):
        return turned_away(request)
    try:
        return serve(request, path, settings.MEDIA_ROOT)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise Http404("没有这个文件。") from error  # nor can there be one


def may_have(request: HttpRequest) -> HttpResponse:
    """Tell nginx (auth_request) whether whoever asks may have the file of X-Original-URI.

    204, or 403. While the paper is open the answer is the same for all files and everybody, and
    says so: nginx may take it for a second's worth of requests. A client that sends this header
    itself learns what asking for the file would have told it. Only a site that is set up as
    docs/circulation.md shows asks here; what install.sh sets up has files handed out by ``upload``
    while the paper is closed.
    """
    if may_keep_for_everybody():
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": A_SECOND})
    asked = unquote(request.headers.get("X-Original-URI", "").partition("?")[0])
    path = asked.removeprefix(settings.MEDIA_URL)
    is_open = path != asked and is_open_to_reader(path)
    return HttpResponse(status=HTTPStatus.NO_CONTENT if is_open else HTTPStatus.FORBIDDEN)


def is_open_to_reader(path: str) -> bool:
    """Whether whoever asks now may have the file at ``path`` below the uploads.

    From outside: what a page shows that is open to them; and, as colleagues look at an issue in
    the making through a link from anywhere, what only such pages show. The folder of a file can
    be guessed by nobody. A nameplate stands on every page.
    """
    circulation = outside_of()
    if circulation is None:
        return True
    folio = Folio.objects.filter(page_pdf=path).exclude(page_pdf="").first()
    if folio is not None:
        return _is_open({folio.issue_id})
    photo = (
        PressPhoto.objects.filter(file=path).values_list("pk", flat=True).first()
        or PressPhotoRendition.objects.filter(file=path).values_list("image", flat=True).first()
    )
    if photo is None:
        return False
    if not circulation.is_whole and Imprint.objects.filter(nameplate=photo).exists():
        return True
    of = ContentType.objects.get_for_model
    pages = ReferenceIndex.objects.filter(
        base_content_type=of(Page), to_content_type=of(PressPhoto), to_object_id=str(photo)
    )
    return _is_open({int(key) for key in pages.values_list("object_id", flat=True)})


def _is_open(pages: set[int]) -> bool:
    """Whether one of ``pages`` is open to whoever asks, or all of them are still in the making."""
    issues, articles = (
        IssuePage.objects.filter(pk__in=pages),
        ArticlePage.objects.filter(pk__in=pages),
    )
    if issues.published().exists() or articles.published().exists():
        return True
    came_out = Q(live=True) | Q(first_published_at__isnull=False)
    of_pages = Q(pk__in=pages) | Q(articles__in=pages)
    return bool(pages) and not IssuePage.objects.filter(came_out, of_pages).exists()

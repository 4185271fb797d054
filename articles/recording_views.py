"""Hand out recordings: to readers with their article, to editors at any time."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.permissions import policy_registry

from newsroom.handing_out import hand_out
from newsroom.models import Recording
from newsroom.querysets import is_open_to_everybody

from .models import ArticlePage

__all__ = ["listen", "recording_file"]

ANY = ["add", "change", "delete", "choose"]


@require_safe
def listen(request: HttpRequest, number: str, article: str) -> HttpResponseBase:
    """Hand out the recording of an article, as it was signed, to whoever may read it."""
    found = (
        ArticlePage.objects.published(request)
        .filter(issue__issuepage__number=number, number=article, recording__isnull=False)
        .select_related("recording", "issue__issuepage__imprint")
        .for_contents()
        .first()
    )
    if found is None:
        raise Http404("没有这段录音。")
    name = f"{found.issue.issuepage.imprint.name}第{number}期第{article}篇.mp3"
    answer = _handed_out(request, found.recording, name)
    if not is_open_to_everybody(found, request):
        answer["Cache-Control"] = "private, no-store"
        return answer
    # It may be withdrawn, or another one signed: whoever has it asks whether it is still this one.
    patch_cache_control(answer, public=True, no_cache=True)
    return answer


@never_cache
@require_safe
def recording_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out any recording to an editor, who listens before readers do."""
    recording = get_object_or_404(Recording, pk=pk)
    if not policy_registry.get_by_type(Recording).user_has_any_permission(request.user, ANY):
        raise PermissionDenied
    return _handed_out(request, recording, recording.filename)


def _handed_out(request: HttpRequest, recording: Recording, name: str) -> HttpResponseBase:
    return hand_out(
        request,
        recording.file,
        size=recording.size,
        name=name,
        content_type="audio/mpeg",
        etag=f'"{recording.pk}-{recording.file_hash}"',
    )

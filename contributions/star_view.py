"""Set and take the star of a contribution, from the list."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from .models import Contribution
from .permissions import may_read
from .triage import TriageRefused
from .triage import star as set_star


@require_POST
def star(request: HttpRequest, pk: int) -> HttpResponse:
    """Set or take the star of a contribution."""
    if not may_read(request.user):
        raise PermissionDenied
    contribution = get_object_or_404(Contribution, pk=pk)
    in_place = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    try:
        set_star(
            contribution=contribution, starred=request.POST.get("starred") == "1", by=request.user
        )
    except TriageRefused as refused:
        if in_place:
            raise
        messages.error(request, str(refused))
    if in_place:
        return HttpResponse(status=204)
    return redirect(
        get_valid_next_url_from_request(request) or reverse("contributions_inbox:index")
    )

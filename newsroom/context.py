"""What every page of the site may show without its view asking."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import Imprint


def paper(request: HttpRequest) -> dict[str, object]:
    """Return the imprint in force today as ``paper``; looked up only when a template uses it."""
    return {
        "paper": SimpleLazyObject(lambda: Imprint.objects.select_related("nameplate").current())
    }

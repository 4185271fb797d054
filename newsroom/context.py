"""What every page of the site may show without its view asking."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from .circulating import current
from .models import Imprint
from .prepared import prepared


def paper(request: HttpRequest) -> dict[str, object]:
    """Return the imprint in force today as ``paper``, and whom the paper is open to.

    Looked up only when a template uses them.
    """
    return {"paper": SimpleLazyObject(_current), "circulation": SimpleLazyObject(current)}


def _current() -> Imprint | None:
    day = timezone.localdate()
    imprints = prepared(
        ("imprint", day), lambda: Imprint.objects.select_related("nameplate").in_force(day)[:1]
    )
    return imprints.first()

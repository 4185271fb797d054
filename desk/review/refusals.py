"""What stands between an article and a signature."""

from django.core.exceptions import PermissionDenied


class SigningRefused(PermissionDenied):
    """The article is not signed; the message says why and what to do, in Chinese."""


class Overtaken(SigningRefused):
    """Somebody changed the text after it was opened for signing."""

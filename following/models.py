"""The models of following, each kept with the part it belongs to."""

from .addresses.models import BrokenAddress
from .counts.models import ReadCount
from .mail.models import Asked, Delivery, Sending, Subscription

__all__ = ["Asked", "BrokenAddress", "Delivery", "ReadCount", "Sending", "Subscription"]

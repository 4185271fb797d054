"""The app's tables, each kept with what it is for."""

from __future__ import annotations

from .front.models import Kept, Noted, Owed
from .health.models import Heartbeat

__all__ = ["Heartbeat", "Kept", "Noted", "Owed"]

"""Name static files as they were collected, each name looked up once in a process."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

__all__ = ["CollectedFiles"]


class CollectedFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's; a page names fifteen files, and each took an address apart and together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the address of a file of ours; which files there are is known at the start."""
        if not name or force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]

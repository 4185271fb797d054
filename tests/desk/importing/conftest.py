"""A small picture."""

from io import BytesIO

import pytest
from PIL import Image


@pytest.fixture
def jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), "brown").save(file, "JPEG")
    return file.getvalue()

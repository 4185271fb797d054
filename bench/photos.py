"""Make photographs: no two alike, as large as a telephone sends them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

WIDTH, HEIGHT = 2000, 1500
BYTES = 1_000_000
GRAIN = 0.10  # of a camera's noise over what is seen
LIKENESS = 16  # the edge of the small picture by which one is recognised
MOST_DIFFERENCE = 4.0  # of 255, between such small pictures of the same photograph


@dataclass(frozen=True, slots=True)
class Photo:
    """A JPEG and how it is recognised after it was encoded anew."""

    jpeg: bytes
    width: int
    height: int
    likeness: bytes

    def is_shown_by(self, jpeg: bytes) -> bool:
        """Tell whether another file is whole and shows the same."""
        image = Image.open(BytesIO(jpeg))
        image.load()
        if image.size != (self.width, self.height):
            return False
        pairs = zip(self.likeness, _likeness(image), strict=True)
        return sum(abs(one - other) for one, other in pairs) / LIKENESS**2 < MOST_DIFFERENCE


def make_photos(number: int) -> list[Photo]:
    """Return photographs of about a megabyte, the same ones every time."""
    return [_make_photo(random.Random(seed)) for seed in range(number)]


def _make_photo(chance: random.Random) -> Photo:
    """Return clouds of several sizes in colour, under the grain of a camera."""
    scene = _noise(chance, 8, 6)
    for width, share in ((40, 0.4), (160, 0.3), (640, 0.25)):
        scene = Image.blend(scene, _noise(chance, width, width * 3 // 4), share)
    scene = Image.blend(scene, _noise(chance, WIDTH, HEIGHT), GRAIN)
    jpeg = b""
    for quality in range(95, 40, -2):
        jpeg = _jpeg(scene, quality)
        if len(jpeg) <= BYTES * 1.04:
            break
    return Photo(jpeg, WIDTH, HEIGHT, _likeness(scene))


def _noise(chance: random.Random, width: int, height: int) -> Image.Image:
    noise = Image.frombytes("RGB", (width, height), chance.randbytes(width * height * 3))
    return noise.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _likeness(image: Image.Image) -> bytes:
    return image.convert("L").resize((LIKENESS, LIKENESS), Image.Resampling.BOX).tobytes()

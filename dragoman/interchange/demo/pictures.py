"""Pictures of the demo: a few drawn shapes, made here, so that no licence is needed."""

import io
import math
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image, ImageDraw
from wagtail.images import get_image_model

_SIZE = (1200, 750)
_SKIES = {
    "library": ("#1d2b4a", "#41558b"),
    "tram": ("#8fb4c9", "#e8d9b8"),
    "river": ("#9cc4c4", "#e9e3c8"),
    "oven": ("#3a1f14", "#8c4b24"),
    "garden": ("#b9d3a3", "#eae6c4"),
    "bridge": ("#c9a98a", "#efdcc2"),
}


def picture(kind: str, title: str) -> Any:
    """An image of this kind, drawn now and stored."""
    drawn = Image.new("RGB", _SIZE)
    draw = ImageDraw.Draw(drawn)
    _sky(draw, *_SKIES.get(kind, _SKIES["river"]))
    _SHAPES.get(kind, _river)(draw)
    file = io.BytesIO()
    drawn.save(file, "PNG", optimize=True)
    image = get_image_model()(title=title[:200], file=ImageFile(file, name=f"{kind}.png"))
    image.save()
    return image


def _sky(draw: ImageDraw.ImageDraw, top: str, bottom: str) -> None:
    from_colour, to_colour = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (top, bottom))
    for y in range(_SIZE[1]):
        share = y / _SIZE[1]
        colour = tuple(round(a + (b - a) * share) for a, b in zip(from_colour, to_colour, strict=True))
        draw.line([(0, y), (_SIZE[0], y)], fill=colour)


def _library(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle([250, 250, 950, 750], fill="#2a2622")
    draw.polygon([(210, 250), (600, 90), (990, 250)], fill="#38322c")
    for x in range(310, 900, 120):
        draw.rectangle([x, 330, x + 70, 480], fill="#f3cf7a")
        draw.rectangle([x, 540, x + 70, 690], fill="#f3cf7a" if x != 550 else "#7a5230")
    draw.ellipse([1000, 60, 1080, 140], fill="#f1ead2")


def _tram(draw: ImageDraw.ImageDraw) -> None:
    draw.line([(0, 170), (1200, 130)], fill="#444", width=4)
    draw.rounded_rectangle([180, 260, 1020, 600], 40, fill="#b03a2e")
    for x in range(230, 960, 130):
        draw.rounded_rectangle([x, 310, x + 95, 440], 12, fill="#dcebf0")
    for x in (330, 870):
        draw.ellipse([x - 55, 560, x + 55, 670], fill="#2b2b2b")
    draw.line([(0, 668), (1200, 668)], fill="#555", width=8)


def _river(draw: ImageDraw.ImageDraw) -> None:
    draw.polygon([(0, 420), (1200, 360), (1200, 750), (0, 750)], fill="#3f7f8c")
    for row in range(8):
        y = 450 + row * 38
        points = [(x, y + 8 * math.sin(x / 60 + row)) for x in range(0, 1201, 20)]
        draw.line(points, fill="#8fc0c4", width=3)
    draw.rectangle([140, 380, 560, 430], fill="#9b7a4f")
    draw.line([(520, 380), (520, 520)], fill="#ddd", width=8)


def _oven(draw: ImageDraw.ImageDraw) -> None:
    draw.pieslice([250, 120, 950, 1100], 180, 360, fill="#a5673f")
    draw.pieslice([420, 330, 780, 930], 180, 360, fill="#1c0f0a")
    draw.polygon([(500, 640), (560, 470), (600, 590), (650, 440), (700, 640)], fill="#f5a43a")
    draw.ellipse([820, 600, 1090, 700], fill="#d29a5b")


def _garden(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle([0, 480, 1200, 750], fill="#6b8f4e")
    for x in range(80, 1180, 110):
        draw.line([(x, 620), (x, 470)], fill="#3d6b34", width=8)
        draw.ellipse([x - 42, 400, x + 42, 484], fill=["#d9534f", "#f0c14b", "#7a5ea8"][x // 110 % 3])


def _bridge(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle([0, 560, 1200, 750], fill="#4f7d88")
    draw.rectangle([0, 340, 1200, 420], fill="#7b6048")
    for x in (60, 440, 820):
        draw.pieslice([x, 400, x + 320, 760], 180, 360, fill="#4f7d88")
        draw.arc([x - 6, 394, x + 326, 766], 180, 360, fill="#5d4735", width=14)


_SHAPES = {
    "library": _library,
    "tram": _tram,
    "river": _river,
    "oven": _oven,
    "garden": _garden,
    "bridge": _bridge,
}

from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image, ImageDraw, ImageFont

from clavet import fonts, tilemap

SIZE = (1200, 630)  # what Open Graph asks for
PAPER, INK, MUTED, HAIR = "#FBFAF6", "#1B2430", "#55606E", "#DAD8CF"
PARTNERS = {"ES": "#0F6B63", "RO": "#0F6B63", "BE": "#3D4FA3", "TR": "#3D4FA3", "HR": "#B4391A", "CY": "#B4391A"}
PARTNERS |= {"GR": "#5E6B12", "IT": "#5E6B12"}
TILE, GAP = 44, 6
KEY = (  # components/key.html: x, y, width, height of its tiles, and their colour
    *((8, 0, 7, 7, INK), (0, 8, 7, 7, INK), (16, 8, 6, 7, INK), (8, 16, 7, 7, INK), (23, 8, 6, 7, INK)),
    *((30, 8, 6, 7, INK), (37, 8, 7, 7, INK), (45, 8, 8, 7, INK), (37, 16, 7, 4, INK), (45, 16, 8, 7, INK)),
    *((0, 0, 7, 7, "#0F6B63"), (16, 0, 6, 7, "#3D4FA3"), (0, 16, 7, 7, "#B4391A"), (16, 16, 6, 7, "#5E6B12")),
)


class Command(BaseCommand):
    help = "Draws static/img/share.png, which social sites show of a page: the sign, the name, the map, the languages."
    requires_system_checks = []

    def handle(self, **options):
        image = Image.new("RGB", SIZE, PAPER)
        draw = ImageDraw.Draw(image)
        draw_map(draw, SIZE[0] - 64 - tilemap.COLUMNS * (TILE + GAP) + GAP, 118)
        for x, y, width, height, colour in KEY:
            draw.rectangle((72 + x * 5, 150 + y * 5, 72 + (x + width) * 5 - 1, 150 + (y + height) * 5 - 1), colour)
        draw.text((68, 290), "C L A V E T".replace(" ", "\u200a"), INK, face(108, 640))
        names = [name for _code, name in settings.LANGUAGES]
        for row, words in enumerate((names[:5], names[5:])):
            draw.text((72, 440 + row * 42), " · ".join(words), MUTED, face(30, 400))
        path = settings.BASE_DIR / "static" / "img" / "share.png"
        image.quantize(64).save(path, optimize=True)
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {path.stat().st_size:,} bytes")


def draw_map(draw, left: int, top: int):
    """The tile map of the home page; the countries of the partners in the colours of the sections."""
    for code, (column, row) in tilemap.POSITIONS.items():
        x, y = left + column * (TILE + GAP), top + row * (TILE + GAP)
        draw.rectangle((x, y, x + TILE - 1, y + TILE - 1), PARTNERS.get(code, HAIR))


def face(size: int, weight: int):
    font = ImageFont.truetype(fonts.source(), size)
    font.set_variation_by_axes([weight])
    return font

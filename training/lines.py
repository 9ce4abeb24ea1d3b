"""Draws text lines as they stand on invented resident cards, for training the recogniser.

`draw_line(rng, nrng)` gives a 48-pixel-high grey picture and its text. Needs numpy, opencv-python-headless,
pillow and the Debian packages fonts-nanum fonts-noto-cjk fonts-unfonts-core fonts-baekmuk.
"""

import math

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.faces import ALPHABET, FONTS, HANJA_FONTS, font_for
from training.spoil import spoil
from training.texts import text

__all__ = ["ALPHABET", "draw_line", "paper"]


def paper(rng, width=1012, height=638):
    """The card's tinted ground with fine waves."""
    left, right = (np.array([rng.randint(212, 245) for _ in range(3)], float) for _ in range(2))
    t = np.linspace(0, 1, width)[None, :, None]
    image = Image.fromarray(np.broadcast_to(left * (1 - t) + right * t, (height, width, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(rng.randint(20, 45)):
        y, amplitude, frequency, phase = (
            rng.randint(0, height),
            rng.uniform(4, 30),
            rng.uniform(0.005, 0.05),
            rng.uniform(0, 6),
        )
        ink = (rng.randint(130, 210), rng.randint(130, 210), rng.randint(130, 210), rng.randint(35, 110))
        draw.line(
            [(x, y + amplitude * math.sin(frequency * x + phase)) for x in range(0, width, 6)],
            fill=ink,
            width=1,
        )
    return image


def parts_of(rng, line, size, gap):
    """The line as (text, size, face, gap between letters) parts and the space between them.

    A name's hanja often stand in another face and smaller than its hangul, as on the cards."""
    hanja = any("一" <= c <= "鿿" for c in line)
    cut = line.find("(") if hanja and rng.random() < 0.65 else -1
    if cut <= 0:
        return [(line, size, font_for(rng, line, HANJA_FONTS if hanja else FONTS), gap)], 0
    small = int(size * rng.uniform(0.62, 1))
    parts = [
        (line[:cut].rstrip(), size, font_for(rng, line[:cut], FONTS), gap),
        (line[cut:], small, font_for(rng, line[cut:], HANJA_FONTS), rng.choice([0, 0, 0, 2])),
    ]
    space = size * (rng.uniform(0.12, 0.5) if line[cut - 1] == " " else rng.uniform(0, 0.1))
    return parts, space + (gap if gap >= 4 else 0)


def written(draw, x, y, part, face, ink):
    """Writes one part; where it ends."""
    text_, _, _, gap = part
    if not gap:
        draw.text((x, y), text_, font=face, fill=ink)
        return x + face.getlength(text_)
    for letter in text_:
        draw.text((x, y), letter, font=face, fill=ink)
        x += face.getlength(letter) + gap
    return x


def draw_line(rng, nrng, ground=None):
    """One line as (grey picture 48 pixels high, text): printed, cut out askew, blurred, lit unevenly, compressed."""
    line, size, gap = text(rng), rng.randint(30, 54), rng.choice([0] * 6 + [2, 4, 8])
    parts, space = parts_of(rng, line, size, gap)
    faces = [ImageFont.truetype(font[0], s, index=font[1]) for _, s, font, _ in parts]
    lengths = [
        sum(face.getlength(c) + part[3] for c in part[0]) for face, part in zip(faces, parts, strict=True)
    ]
    width, height = int(sum(lengths) + space) + 40, size * 2
    ground = ground or paper(rng)
    x0, y0 = rng.randint(0, 900), rng.randint(0, 638 - height)
    patch = ground.crop((x0, y0, min(1012, x0 + width), y0 + height)).resize((width, height))
    draw, shade, x, boxes = ImageDraw.Draw(patch), rng.randint(5, 90), 20.0, []
    ink = tuple(min(130, max(0, shade + rng.randint(-12, 12))) for _ in range(3))
    for face, part in zip(faces, parts, strict=True):
        y = height // 2 - size // 2 + (size - part[1]) * rng.uniform(0.2, 1)
        box = face.getbbox(part[0])
        boxes.append((y + box[1], y + box[3]))
        x = written(draw, x, y, part, face, ink) + space
    box = (20, min(b[0] for b in boxes), x - space, max(b[1] for b in boxes))
    return spoil(rng, nrng, cv2.cvtColor(np.asarray(patch), cv2.COLOR_RGB2GRAY).astype(np.float32), box), line

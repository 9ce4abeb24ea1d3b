"""The front of one card, flat and whole: ground, print, portrait, seal, and the marks of its generation."""

import random
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.specimens import layout, paper, portrait
from tests.specimens.fonts import face
from tests.specimens.paper import Layer, Picture
from tests.specimens.people import Generation, Holder

INK = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """What may be printed beside the holder's own fields."""

    generation: Generation
    overseas: bool = False
    worn: bool = False
    watermark: bool = False
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class Front:
    picture: Picture
    photo_box: layout.Box


def draw(rng: random.Random, noise: np.random.Generator, holder: Holder, marks: Marks) -> Front:
    """The card at 1012 by 638, BGR, and the portrait's box on it (left, top, right, bottom)."""
    plan = layout.place(rng, holder, marks.generation, marks.held_out)
    head = portrait.draw(rng, holder.female, holder.issued.year - _born(holder))
    sheet = paper.ground(rng).astype(np.float32)
    _portrait(sheet, head, plan.photo, grey=plan.grey_photo, rng=rng)
    if marks.generation is Generation.POLYCARBONATE:
        paper.taegeuk(
            sheet, (plan.title[0] - 56, plan.title[1] + plan.title_size * 0.56), rng.uniform(30, 40), rng
        )
    blank = sheet.copy()
    sheet, seal_at = _print(sheet, rng, plan, holder, marks)
    if marks.generation is Generation.POLYCARBONATE:
        _laser_image(sheet, rng, head, holder)
    if marks.worn:
        sheet = paper.wear(sheet, blank, rng, noise)
    paper.seal(sheet, rng, holder.office, *seal_at, plan.seal_size)
    for _ in range(rng.randint(0, 2)):
        paper.hologram(sheet, rng, (rng.uniform(150, 900), rng.uniform(80, 560)), rng.uniform(70, 200))
    return Front(np.clip(sheet, 0, 255).astype(np.uint8), plan.photo)


def _born(holder: Holder) -> int:
    return holder.birthday.year if holder.birthday else holder.issued.year - 40


def _portrait(sheet: Layer, head: Picture, box: layout.Box, *, grey: bool, rng: random.Random) -> None:
    left, top, right, bottom = box
    picture = cv2.resize(head, (right - left, bottom - top), interpolation=cv2.INTER_AREA).astype(np.float32)
    if grey:
        picture = np.repeat(picture.mean(2, keepdims=True), 3, 2) * 0.92 + 10
    strength = rng.uniform(0.93, 1)
    region = sheet[top:bottom, left:right]
    region += (picture - region) * strength


def _print(
    sheet: Layer, rng: random.Random, plan: layout.Layout, holder: Holder, marks: Marks
) -> tuple[Layer, tuple[float, float]]:
    """All of the text; gives the sheet with it and the place of the seal."""
    image = Image.fromarray(np.clip(sheet, 0, 255).astype(np.uint8))
    draw, ink = ImageDraw.Draw(image), plan.ink
    raised = marks.generation is Generation.POLYCARBONATE
    end = write(draw, plan.title, "주민등록증", plan.title_face, plan.title_size, ink, gap=plan.title_gap)
    if marks.overseas:
        small = plan.title_size // 2
        write(
            draw,
            (min(end + 14, 1000 - 5 * small), plan.title[1] + small - 4),
            "(재외국민)",
            plan.foot_face,
            small,
            ink,
        )
    end = write(draw, plan.name, holder.hangul, plan.name_face, plan.name_size, ink, raised=raised)
    if holder.hanja:
        drop = round((plan.name_size - plan.hanja_size) * 0.8)
        text, at = plan.hanja_brackets.format(holder.hanja), (end + rng.randint(2, 10), plan.name[1] + drop)
        write(draw, at, text, plan.hanja_face, plan.hanja_size, ink, raised=raised)
    write(
        draw,
        plan.number,
        holder.rrn,
        plan.number_face,
        plan.number_size,
        ink,
        gap=plan.number_gap,
        raised=raised,
    )
    room = plan.photo[0] - plan.address[0] - 14
    lines = wrapped(holder.address, plan.address_face, plan.address_size, room)
    # Four lines must still end above the foot (and above the laser image of the newer card).
    pitch = min(plan.address_size * plan.address_pitch, (plan.foot - 12 - plan.address[1]) / len(lines))
    for row, line in enumerate(lines):
        at = (plan.address[0], round(plan.address[1] + row * pitch))
        write(draw, at, line, plan.address_face, plan.address_size, ink)
    seal_at = _foot(draw, rng, plan, holder)
    if marks.watermark:
        image = _watermark(image)
    return np.asarray(image).astype(np.float32), seal_at


def _foot(
    draw: ImageDraw.ImageDraw, rng: random.Random, plan: layout.Layout, holder: Holder
) -> tuple[float, float]:
    size = plan.foot_size
    small = round(size * rng.uniform(0.86, 0.98))
    wide = face(plan.foot_face, small).getlength(plan.date)
    write(draw, (round(plan.foot_centre - wide / 2), plan.foot), plan.date, plan.foot_face, small, plan.ink)
    wide = face(plan.foot_face, size).getlength(holder.office)
    left, top = (
        max(plan.foot_from, round(plan.foot_centre - wide / 2)),
        plan.foot + small + rng.randint(10, 18),
    )
    end = write(draw, (left, top), holder.office, plan.foot_face, size, plan.ink)
    # The seal may stand on the office, never on the date above it.
    clear = plan.foot + small + 4
    return end - rng.uniform(-4, 26), min(
        max(clear, top - rng.uniform(2, 16)), paper.HEIGHT - plan.seal_size - 4
    )


def _laser_image(sheet: Layer, rng: random.Random, head: Picture, holder: Holder) -> None:
    """The second, engraved portrait with the birth date: neither is the portrait nor the date of issue."""
    wide = rng.randint(92, 112)
    tall = round(wide * 1.2)
    left, top = rng.randint(46, 66), rng.randint(476, 488)
    tall = min(tall, 606 - top)
    tone = cv2.cvtColor(cv2.resize(head, (wide, tall), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    y, x = np.mgrid[-1 : 1 : tall * 1j, -1 : 1 : wide * 1j]
    rim = np.clip((1 - np.maximum(np.abs(x), np.abs(y)) ** 6) * 3, 0, 1)
    dark = (1 - tone.astype(np.float32) / 255)[..., None] * rim[..., None]
    sheet[top : top + tall, left : left + wide] *= 1 - dark * rng.uniform(0.5, 0.75)
    born = holder.rrn[:6]
    if holder.birthday and rng.random() < 0.7:
        born = rng.choice([f"{holder.birthday:%Y.%m.%d}", f"{holder.birthday:%Y. %m. %d.}"])
    image = Image.fromarray(np.clip(sheet, 0, 255).astype(np.uint8))
    shade, size = rng.randint(70, 130), rng.randint(16, 20)
    beside = (left + wide + 4, top + tall - size - rng.randint(4, 30))
    at = beside if rng.random() < 0.5 else (left, top + tall + 1)
    write(ImageDraw.Draw(image), at, born, "truetype/nanum/NanumSquareR.ttf", size, (shade, shade, shade))
    sheet[:] = np.asarray(image)


def _watermark(image: Image.Image) -> Image.Image:
    """견본 across the card, faint enough that every field is read as if it were not there."""
    layer = Image.new("L", image.size, 0)
    ImageDraw.Draw(layer).text(
        (430, 150), "견 본", font=face("truetype/nanum/NanumGothicExtraBold.ttf", 130), fill=34
    )
    layer = layer.rotate(18, center=(560, 300))
    return Image.composite(Image.new("RGB", image.size, (90, 70, 200)), image, layer)


def wrapped(lines: tuple[str, ...], name: str, size: int, room: int) -> list[str]:
    """The lines, broken at spaces where one would run into the portrait."""
    font, out = face(name, size), []
    for line in lines:
        kept = ""
        for word in line.split(" "):
            longer = f"{kept} {word}".strip()
            if kept and font.getlength(longer) > room:
                out.append(kept)
                longer = word
            kept = longer
        out.append(kept)
    return out


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    name: str,
    size: int,
    ink: INK,
    *,
    gap: int = 0,
    raised: bool = False,
) -> int:
    """Text with its upper left corner at `at`; gives where it ends. Raised text catches light on one side."""
    font, passes = face(name, size), [(0, ink)]
    if raised:
        passes = [(-1, (250, 250, 250)), (1, (150, 150, 150)), (0, ink)]
    end = 0
    for shift, colour in passes:
        x: float = at[0] + shift
        if not gap:
            draw.text((x, at[1] + shift), text, font=font, fill=colour)
            end = int(x + font.getlength(text))
            continue
        for letter in text:
            draw.text((x, at[1] + shift), letter, font=font, fill=colour)
            x += font.getlength(letter) + gap
        end = int(x)
    return end

"""A camera over a card: where it stands, the light, the lens, the sensor; the corners are followed."""

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.specimens.scenes import Scene, Size
from tests.specimens.scenes import draw as draw_scene

Picture = NDArray[np.uint8]
Layer = NDArray[np.float32]
Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shot:
    """One photograph's conditions: angles in degrees, blur in thousandths of the card's width."""

    frame: Size
    fill: float  # the card's longer side against the frame's width, before perspective
    turn: int  # 0, 90, 180 or 270: how the card lies
    roll: float
    pitch: float
    yaw: float
    scene: Scene
    glare: float
    shadow: float
    gradient: float
    defocus: float
    motion: float
    noise: float
    exposure: float
    quality: int
    fingers: bool = False
    screen: bool = False
    half: bool = False


def take(card: Picture, shot: Shot, rng: random.Random, noise: np.random.Generator) -> tuple[Picture, Points]:
    """The photograph and the card's four corners in it, clockwise from the card's own upper left."""
    tall, wide = card.shape[:2]
    corners = _corners(shot, tall / wide, rng)
    flat = np.asarray([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    scene = draw_scene(shot.scene, shot.frame, rng, noise)
    picture = _lay(card, cv2.getPerspectiveTransform(flat, corners), scene, rng, shot)
    if shot.fingers:
        _fingers(picture, corners, rng)
    if shot.screen:
        picture = _screen(picture, rng)
    picture = _light(picture, corners, shot, rng)
    picture = _lens(picture, corners, shot, rng)
    return _sensor(picture, shot, rng), corners


def _corners(shot: Shot, ratio: float, rng: random.Random) -> Points:
    """A pinhole camera over a tilted plane, then moved so that the card stands in the frame."""
    pitch, yaw, roll = (math.radians(a) for a in (shot.pitch, shot.yaw, shot.roll + shot.turn))
    plane = np.asarray([[-1, -ratio], [1, -ratio], [1, ratio], [-1, ratio]]) / 2
    spin = np.asarray([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]])
    x, y = (plane @ spin.T).T
    away = 1 + (y * math.sin(pitch) + x * math.sin(yaw)) / rng.uniform(1.3, 2.4)
    points = np.stack([x * math.cos(yaw) / away, y * math.cos(pitch) / away], 1)
    wide, tall = shot.frame
    points *= shot.fill * wide
    if not shot.half:
        reach = points.max(0) - points.min(0)
        points *= min(1.0, wide * 0.995 / reach[0], tall * 0.995 / reach[1])
    points -= (points.max(0) + points.min(0)) / 2
    room = np.maximum(0, (np.asarray([wide, tall]) - (points.max(0) - points.min(0))) / 2 - 2)
    shift = np.asarray([rng.uniform(-1, 1), rng.uniform(-1, 1)]) * room * 0.8
    if shot.half:
        along = points[1] - points[0]
        shift = along * rng.choice((-1, 1)) * rng.uniform(0.42, 0.55)
        edge = np.asarray([wide, tall]) / 2
        shift = np.sign(shift) * np.where(np.abs(along) == np.abs(along).max(), edge, 0)
    return np.asarray(points + shift + np.asarray([wide, tall]) / 2, np.float32)


def _lay(card: Picture, warp: NDArray[np.float64], scene: Picture, rng: random.Random, shot: Shot) -> Picture:
    tall, wide = card.shape[:2]
    shape = np.zeros((tall, wide), np.uint8)
    radius = rng.randint(22, 38)
    for x, y in (
        (radius, radius),
        (wide - radius - 1, radius),
        (radius, tall - radius - 1),
        (wide - radius - 1, tall - radius - 1),
    ):
        cv2.circle(shape, (x, y), radius, 255, -1)
    shape[radius : tall - radius] = 255
    shape[:, radius : wide - radius] = 255
    mask = cv2.warpPerspective(shape, warp, shot.frame, flags=cv2.INTER_AREA)
    # The reduction to the frame is averaged, as a lens does, so that thin strokes are not dropped.
    shrink = shot.fill * shot.frame[0] / wide
    sharp = cv2.GaussianBlur(card, (0, 0), 0.42 / shrink) if shrink < 0.8 else card
    laid = cv2.warpPerspective(
        sharp, warp, shot.frame, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    drop = max(2.0, 0.008 * shot.fill * shot.frame[0])
    small = cv2.resize(mask, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    move = np.asarray(
        [[1, 0, rng.uniform(-1, 1) * drop / 4], [0, 1, rng.uniform(0.2, 1) * drop / 4]], np.float32
    )
    shade = cv2.GaussianBlur(cv2.warpAffine(small, move, small.shape[::-1]), (0, 0), drop / 4 + 0.5)
    shade = 255 - cv2.resize(shade, shot.frame, interpolation=cv2.INTER_LINEAR) // rng.choice((2, 3, 4))
    scene = cv2.multiply(scene, cv2.merge([shade] * 3), scale=1 / 255)
    over = cv2.merge([mask] * 3)
    return cv2.add(cv2.multiply(laid, over, scale=1 / 255), cv2.multiply(scene, 255 - over, scale=1 / 255))


def _fingers(picture: Picture, corners: Points, rng: random.Random) -> None:
    """A thumb over the rim on the side of the portrait, clear of every field."""
    edge = corners[1] + (corners[2] - corners[1]) * rng.uniform(0.72, 0.86)
    along = corners[1] - corners[0]
    length = float(np.hypot(*along))
    out, unit = along / length, length * 0.055
    tip, root = edge - out * unit * 0.2, edge + out * float(sum(picture.shape[:2]))
    skin = rng.choice([(140, 170, 214), (120, 152, 198), (156, 186, 226)])
    shade = tuple(int(c * 0.8) for c in skin)
    for colour, width in ((shade, unit * 2.1), (skin, unit * 1.8)):
        cv2.line(
            picture, tip.astype(int).tolist(), root.astype(int).tolist(), colour, int(width), cv2.LINE_AA
        )
    nail = (tip + out * unit * 0.15).astype(int).tolist()
    angle = math.degrees(math.atan2(out[1], out[0]))
    cv2.ellipse(
        picture,
        nail,
        (int(unit * 0.7), int(unit * 0.5)),
        angle,
        0,
        360,
        tuple(min(255, c + 26) for c in skin),
        -1,
        cv2.LINE_AA,
    )


def _screen(picture: Picture, rng: random.Random) -> Picture:
    """The same seen on a display: its pixels beat against the sensor's."""
    tall, wide = picture.shape[:2]
    y, x = np.mgrid[0:tall, 0:wide].astype(np.float32)
    turn, pitch = rng.uniform(-0.05, 0.05), rng.uniform(2.05, 3.3)
    u, v = x + y * turn + 6 * np.sin(y / tall * 3), y - x * turn + 5 * np.sin(x / wide * 3)
    comb = 2 * math.pi / pitch
    grid = np.stack([1 + 0.16 * np.cos(comb * u + s) * np.cos(comb * v * 0.97) for s in (0, 2.1, 4.2)], 2)
    return np.clip(picture * grid * 0.95 + 10, 0, 255).astype(np.uint8)


def _light(picture: Picture, corners: Points, shot: Shot, rng: random.Random) -> Picture:
    """Exposure, colour of the lamp, fall-off, a shadow's edge, a lamp's reflection on the card."""
    wide, tall = max(8, shot.frame[0] // 8), max(8, shot.frame[1] // 8)
    y, x = np.mgrid[0 : 1 : tall * 1j, 0 : 1 : wide * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * math.pi)
    ramp = (x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle)
    field = shot.exposure * (1 + shot.gradient * ramp)
    field *= 1 - 0.25 * shot.gradient * ((x - 0.5) ** 2 + (y - 0.5) ** 2) * 2
    if shot.shadow:
        turn, edge = rng.uniform(0, 2 * math.pi), rng.uniform(-0.25, 0.25)
        side = (x - 0.5) * math.cos(turn) + (y - 0.5) * math.sin(turn) + 0.05 * np.sin(y * 5) - edge
        field *= 1 - shot.shadow / (1 + np.exp(np.clip(-side / rng.uniform(0.006, 0.05), -40, 40)))
    # A phone meters: the brightest part is not blown out by the lamp's fall-off alone.
    field *= min(1.0, 1.1 / float(field.max()))
    warmth, green = rng.uniform(-0.09, 0.09), rng.uniform(-0.03, 0.03)
    tint = np.asarray([1 - warmth, 1 + green, 1 + warmth], np.float32)
    light = cv2.resize(field[..., None] * tint, shot.frame, interpolation=cv2.INTER_LINEAR)
    lit = cv2.multiply(picture, light.astype(np.float32), dtype=cv2.CV_32F)
    if shot.glare:
        spot = np.zeros_like(x)
        scale = float(np.hypot(*(corners[1] - corners[0]))) / shot.frame[0]
        for _ in range(rng.randint(1, 2)):
            s, t = (
                rng.uniform(0.05, 0.95),
                rng.choice([rng.uniform(0, 0.16), rng.uniform(0.84, 1), rng.uniform(0, 1)]),
            )
            at = (corners[0] * (1 - s) + corners[1] * s) * (1 - t) + (
                corners[3] * (1 - s) + corners[2] * s
            ) * t
            u, v = x - at[0] / shot.frame[0], (y - at[1] / shot.frame[1]) * tall / wide
            lean = rng.uniform(0, math.pi)
            along, across = u * math.cos(lean) + v * math.sin(lean), v * math.cos(lean) - u * math.sin(lean)
            spot += np.exp(-((along / (0.16 * scale)) ** 2) - (across / (0.05 * scale)) ** 2)
        lit += cv2.resize(spot * shot.glare * 235, shot.frame, interpolation=cv2.INTER_LINEAR)[..., None]
    return np.clip(lit, 0, 255).astype(np.uint8)


def _lens(picture: Picture, corners: Points, shot: Shot, rng: random.Random) -> Picture:
    width = float(np.hypot(*(corners[1] - corners[0])))
    if shot.defocus:
        picture = cv2.GaussianBlur(picture, (0, 0), max(0.3, shot.defocus * width / 1000))
    reach = round(shot.motion * width / 1000)
    if reach >= 2:
        kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
        angle = rng.uniform(0, math.pi)
        step = (reach / 2 * math.cos(angle), reach / 2 * math.sin(angle))
        ends = [
            (round((reach + sign * step[0]) * 16), round((reach + sign * step[1]) * 16)) for sign in (-1, 1)
        ]
        stroke = np.zeros(kernel.shape, np.uint8)
        cv2.line(stroke, ends[0], ends[1], 255, 1, cv2.LINE_AA, 4)
        kernel = stroke.astype(np.float32)
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    return picture


def _sensor(picture: Picture, shot: Shot, rng: random.Random) -> Picture:
    if not shot.noise:
        return picture
    cv2.setRNGSeed(rng.randint(1, 2**31 - 1))
    tall, wide = picture.shape[:2]
    grain = np.zeros((tall, wide), np.int8)
    cv2.randn(grain, 0, shot.noise)
    colour = np.zeros((tall // 3 + 1, wide // 3 + 1, 3), np.int8)
    cv2.randn(colour, 0, shot.noise * 0.6)
    spread = cv2.resize(colour.astype(np.int16), (wide, tall), interpolation=cv2.INTER_LINEAR)
    return cv2.add(picture, cv2.add(spread, cv2.merge([grain.astype(np.int16)] * 3)), dtype=cv2.CV_8U)

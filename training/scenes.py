"""Draws small photographs of cards on anything, with the card's corners, for training the finder of corners.

`Scenes(seed).draw()` gives a 256-pixel picture (BGR, longer side 256, centred on 320 by 320), the corners on it of the
card and of its portrait.
"""

import math
import random

import cv2
import numpy as np

from tests import specimens
from tests.specimens import scenes as tables

SIDE, PAD = 256, 32
FRONT = (405, 255)
RADIUS = 14
"""Of a card's rounded corners, in pixels of FRONT."""


class Scenes:
    """Fronts and grounds drawn once, put together anew each time."""

    def __init__(self, seed, fronts=160, grounds=160):
        self.rng, self.noise = random.Random(seed), np.random.default_rng(seed)
        self.fronts = [self._front(seed * 1000 + i) for i in range(fronts)]
        self.grounds = [self._ground() for _ in range(grounds)]
        mask = np.zeros((FRONT[1], FRONT[0]), np.uint8)
        cv2.rectangle(mask, (RADIUS, 0), (FRONT[0] - RADIUS, FRONT[1]), 255, -1)
        cv2.rectangle(mask, (0, RADIUS), (FRONT[0], FRONT[1] - RADIUS), 255, -1)
        for x in (RADIUS, FRONT[0] - RADIUS):
            for y in (RADIUS, FRONT[1] - RADIUS):
                cv2.circle(mask, (x, y), RADIUS, 255, -1)
        self.mask = mask.astype(np.float32) / 255

    def _front(self, seed):
        drawn = specimens.draw(seed, "clean")
        left, top, right, bottom = (v * FRONT[0] / drawn.picture.shape[1] for v in drawn.photo_box)
        box = np.float32([[left, top], [right, top], [right, bottom], [left, bottom]])
        return cv2.resize(drawn.picture, FRONT, interpolation=cv2.INTER_AREA), box

    def _ground(self):
        kind = self.rng.random()
        if kind < 0.4:
            scene = self.rng.choice(list(tables.Scene))
            return tables.draw(scene, (480, 480), self.rng, self.noise)
        if kind < 0.52:
            return self._page()
        if kind < 0.62:
            return self._ruled()
        if kind < 0.75:
            return self._boxes()
        return self._clouds()

    def _colour(self, low=0, high=255):
        return tuple(self.rng.randint(low, high) for _ in range(3))

    def _clouds(self):
        """Noise of several sizes between two colours."""
        total = np.zeros((480, 480), np.float32)
        for size in (3, 6, 15, 60, 240):
            rough = self.noise.normal(size=(size, size)).astype(np.float32)
            total += cv2.resize(rough, (480, 480), interpolation=cv2.INTER_CUBIC) * self.rng.random()
        share = 1 / (1 + np.exp(-total))[..., None]
        picture = np.array(self._colour()) * share + np.array(self._colour()) * (1 - share)
        return np.clip(picture, 0, 255).astype(np.uint8)

    def _page(self):
        """A sheet full of printed lines, tables or rules, in any direction."""
        page = np.full((480, 480, 3), self._colour(170, 255), np.uint8)
        size, ink = self.rng.uniform(0.25, 0.8), self._colour(0, 120)
        for y in range(10, 480, int(34 * size + self.rng.randint(2, 14))):
            if self.rng.random() < 0.12:
                cv2.line(page, (0, y), (480, y), ink, self.rng.randint(1, 2))
                continue
            x = self.rng.randint(0, 80)
            while x < 460 and self.rng.random() < 0.97:
                wide = int(self.rng.uniform(4, 16) * size * 2)
                top = y + self.rng.randint(0, 3)
                cv2.rectangle(
                    page, (x, top), (x + wide, top + int(18 * size)), ink, self.rng.choice([-1, 1, 1, 2])
                )
                x += wide + self.rng.choice([2, 2, 3, 9])
        turn = cv2.getRotationMatrix2D((240, 240), self.rng.choice([0, 90, self.rng.uniform(0, 360)]), 1.5)
        return cv2.warpAffine(page, turn, (480, 480), borderMode=cv2.BORDER_REFLECT)

    def _ruled(self):
        """Pale paper with lines or squares, about as pale as a card."""
        pale = self.rng.randint(195, 250)
        page = np.full((480, 480, 3), [min(255, pale + self.rng.randint(-12, 6)) for _ in range(3)], np.uint8)
        ink, pitch, thick = self._colour(120, 215), self.rng.randint(9, 40), self.rng.choice([1, 1, 2])
        for at in range(self.rng.randint(0, pitch), 480, pitch):
            cv2.line(page, (0, at), (480, at), ink, thick, cv2.LINE_AA)
        if self.rng.random() < 0.4:
            for at in range(self.rng.randint(0, pitch), 480, pitch):
                cv2.line(page, (at, 0), (at, 480), ink, thick, cv2.LINE_AA)
        return page

    def _boxes(self):
        """Keys, tiles, books, other cards: rectangles in a row or anywhere."""
        picture = self._clouds()
        wide, tall, gap = self.rng.randint(20, 200), self.rng.randint(15, 150), self.rng.randint(1, 20)
        if self.rng.random() < 0.5:
            for y in range(0, 480, tall + gap):
                for x in range(-self.rng.randint(0, wide), 480, wide + gap):
                    cv2.rectangle(picture, (x, y), (x + wide, y + tall), self._colour(), -1)
            return picture
        for _ in range(self.rng.randint(2, 14)):
            middle = (self.rng.randint(0, 480), self.rng.randint(0, 480))
            box = cv2.boxPoints(
                (middle, (self.rng.randint(20, 300), self.rng.randint(20, 300)), self.rng.uniform(0, 90))
            )
            cv2.fillPoly(picture, [box.astype(np.int32)], self._colour(), cv2.LINE_AA)
        return picture

    def draw(self):
        """A picture of 320 by 320 (the frame centred, its rim empty), the corners on it of the card and its portrait.

        The corners are None without a card. One in four is seen from near, as the finder looks a second time."""
        rng, portrait = self.rng, None
        near = rng.random() < 0.25
        shapes = [(1, 0.75), (1, 0.75), (1, 0.5625), (0.75, 1), (0.5625, 1), (1, 1), (1, 0.63)]
        width, height = (int(v * SIDE) for v in ((1, 0.676) if near else rng.choice(shapes)))
        picture, corners = self._background(width, height), None
        if near or rng.random() < 0.94:
            corners = self._straightened(width, height) if near else self._placed(width, height)
            if rng.random() < 0.06:  # another card peeps out below
                aside = np.float32([rng.uniform(-25, 25), rng.uniform(-25, 25)])
                picture, _ = self._laid(picture, corners + aside)
            picture, portrait = self._laid(picture, corners)
        picture = self._seen(picture)
        out = np.zeros((SIDE + 2 * PAD, SIDE + 2 * PAD, 3), np.uint8)
        left, top = (SIDE + 2 * PAD - width) // 2, (SIDE + 2 * PAD - height) // 2
        out[top : top + height, left : left + width] = picture
        if corners is None:
            return out, None, None
        return out, corners + np.float32([left, top]), portrait + np.float32([left, top])

    def _straightened(self, width, height):
        """Corners about where the second look expects them, either way up."""
        margin = width / 16
        box = np.float32([[margin, margin], [width - margin, margin], [width - margin, height - margin],
                          [margin, height - margin]])  # fmt: skip
        box += self.noise.normal(size=(4, 2)) * self.rng.choice([1, 3, 6])
        return np.roll(box, self.rng.choice([0, 2]), axis=0).astype(np.float32)

    def _background(self, width, height):
        ground = self.rng.choice(self.grounds)
        scale = self.rng.uniform(0.55, 1.2)
        turn = cv2.getRotationMatrix2D(
            (240, 240), self.rng.choice([0, 0, 90, self.rng.uniform(0, 360)]), scale
        )
        turn[:, 2] += [
            width / 2 - 240 + self.rng.uniform(-60, 60),
            height / 2 - 240 + self.rng.uniform(-60, 60),
        ]
        picture = cv2.warpAffine(
            ground, turn, (width, height), borderMode=cv2.BORDER_REFLECT, flags=cv2.INTER_LINEAR
        )
        return tinted(self.rng, picture.astype(np.float32), 0.3)

    def _placed(self, width, height):
        """Corners of a card somewhere in the frame, clockwise from its own upper left."""
        rng = self.rng
        kind, base = rng.random(), math.atan2(height, width) > 0.8 and rng.random() < 0.4
        fill = rng.uniform(0.25, 1.02) if kind < 0.8 else rng.uniform(0.9, 1.12)
        roll = rng.gauss(0, 7) if rng.random() < 0.6 else rng.uniform(-45, 45)
        turn = rng.choices([0, 90, 180, 270], [5, 1, 2, 1])[0] + (90 if base else 0) + roll
        tilt = 12 if rng.random() < 0.6 else 36
        pitch, yaw = math.radians(rng.uniform(-tilt, tilt)), math.radians(rng.uniform(-tilt, tilt))
        points = np.array([[-0.5, -0.3153, 0], [0.5, -0.3153, 0], [0.5, 0.3153, 0], [-0.5, 0.3153, 0]])
        a = math.radians(turn)
        spin = np.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
        lean = np.array(
            [[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]]
        )
        sway = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]])
        away = points @ (sway @ lean @ spin).T
        near = rng.uniform(1.2, 3.5)
        flat = away[:, :2] * near / (near + away[:, 2:])
        low, high = flat.min(0), flat.max(0)
        scale = fill * min(width / (high[0] - low[0]), height / (high[1] - low[1]))
        room = np.maximum(np.array([width, height]) - (high - low) * scale, 0)
        start = (
            room * [rng.random(), rng.random()]
            + np.minimum(np.array([width, height]) - (high - low) * scale, 0) / 2
        )
        return np.float32((flat - low) * scale + start)

    def _laid(self, picture, corners):
        """The card on the ground, with its shadow, rim and perhaps fingers; and the portrait's corners."""
        rng = self.rng
        front, box = rng.choice(self.fronts)
        front = tinted(rng, front.astype(np.float32), 0.22 if rng.random() < 0.8 else 0.5)
        if rng.random() < 0.1:
            front[:] = front.mean(2, keepdims=True)
        source = np.float32([[0, 0], [FRONT[0], 0], FRONT, [0, FRONT[1]]])
        warp = cv2.getPerspectiveTransform(source, corners)
        size = (picture.shape[1], picture.shape[0])
        mask = cv2.warpPerspective(self.mask, warp, size, flags=cv2.INTER_AREA)
        if rng.random() < 0.6:
            shift = np.float32([[1, 0, rng.uniform(-6, 6)], [0, 1, rng.uniform(-6, 6)]])
            soft = cv2.GaussianBlur(cv2.warpAffine(mask, shift, size), (0, 0), rng.uniform(0.8, 6))
            picture = picture * (1 - soft[..., None] * rng.uniform(0.1, 0.7))
        card = cv2.warpPerspective(front, warp, size, flags=cv2.INTER_AREA)
        if rng.random() < 0.3:
            rim = np.clip(mask - cv2.erode(mask, np.ones((3, 3))), 0, 1)[..., None]
            card = card + rim * rng.uniform(-70, 70)
        picture = picture * (1 - mask[..., None]) + card * mask[..., None]
        for _ in range(rng.choice([0, 0, 0, 0, 1, 2])):
            picture = self._finger(picture, corners)
        return picture, cv2.perspectiveTransform(box[:, None], warp)[:, 0]

    def _finger(self, picture, corners):
        rng = self.rng
        i, at = rng.randrange(4), rng.uniform(0.1, 0.9)
        spot = corners[i] * at + corners[(i + 1) % 4] * (1 - at)
        out = spot - corners.mean(0)
        out /= max(np.linalg.norm(out), 1)
        wide = np.linalg.norm(corners[0] - corners[1]) * rng.uniform(0.06, 0.12)
        tip, end = spot - out * wide * rng.uniform(0, 0.5), spot + out * wide * 12
        skin = np.array([rng.uniform(90, 170), rng.uniform(120, 190), rng.uniform(160, 235)])
        layer = np.zeros(picture.shape[:2], np.float32)
        cv2.line(
            layer, [int(v) for v in tip], [int(v) for v in end], 1.0, max(2, int(wide * 1.6)), cv2.LINE_AA
        )
        layer = cv2.GaussianBlur(layer, (0, 0), 1)[..., None]
        return picture * (1 - layer) + skin * layer

    def _seen(self, picture):
        """Light, lens and sensor."""
        rng = self.rng
        height, width = picture.shape[:2]
        y, x = np.mgrid[:height, :width].astype(np.float32)
        if rng.random() < 0.6:
            a = rng.uniform(0, 6.3)
            slope = ((x - width / 2) * math.cos(a) + (y - height / 2) * math.sin(a)) / max(width, height)
            picture = picture * (1 + slope[..., None] * rng.uniform(0, 1.2))
        if rng.random() < 0.4:
            picture = self._shadow(picture)
        for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
            cx, cy = rng.uniform(0, width), rng.uniform(0, height)
            far = ((x - cx) / rng.uniform(8, 60)) ** 2 + ((y - cy) / rng.uniform(8, 60)) ** 2
            picture = picture + np.exp(-far)[..., None] * rng.uniform(40, 260)
        picture = picture * rng.uniform(0.4, 1.15) * np.float32([rng.uniform(0.85, 1.15) for _ in range(3)])
        if rng.random() < 0.6:
            picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.5))
        picture = picture + self.noise.normal(size=picture.shape) * rng.uniform(0, 9)
        return np.clip(picture, 0, 255).astype(np.uint8)

    def _shadow(self, picture):
        """A hand's or a phone's shadow across everything."""
        height, width = picture.shape[:2]
        layer = np.zeros((height, width), np.float32)
        count = self.rng.randint(3, 6)
        points = [
            [self.rng.randint(-60, width + 60), self.rng.randint(-60, height + 60)] for _ in range(count)
        ]
        cv2.fillPoly(layer, [cv2.convexHull(np.int32(points))], 1.0)
        layer = cv2.GaussianBlur(layer, (0, 0), self.rng.uniform(0.8, 12))
        return picture * (1 - layer[..., None] * self.rng.uniform(0.15, 0.65))


def tinted(rng, picture, reach):
    """The picture in another tone."""
    return (
        picture * np.float32([rng.uniform(1 - reach, 1 + reach) for _ in range(3)])
        + rng.uniform(-60, 60) * reach
    )

"""Trains the finder of a card's corners on drawn scenes, on the CPU, and writes it as ONNX.

    python -m training.corners OUT.onnx --minutes 30 [--seed 1] [--threads 1] [--start CHECKPOINT.pt]

Input `x`: float32 (n, 3, 320, 320), BGR, value / 127.5 - 1: the picture with its longer side 256, centred, the rim 0.
Output: (n, 3, 80, 80), 0 to 1: where a corner of the card is, where the card is, and where a corner of its portrait is.
Which corner is not asked: by its outline alone a card looks the same upside down.
"""

import argparse
import math
import time

import cv2
import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as functional

from ocr_integration.engine.corners import four_corners
from training.compact import quarter
from training.scenes import PAD, SIDE, Scenes

WHOLE, STRIDE, SPREAD = SIDE + 2 * PAD, 4, 1.3
GRID = WHOLE // STRIDE
BATCH = 16


def layer(wide_in, wide, size=3, stride=1, groups=1):
    """Convolution, normalised, rectified."""
    return nn.Sequential(
        nn.Conv2d(wide_in, wide, size, stride, size // 2, groups=groups, bias=False),
        nn.BatchNorm2d(wide),
        nn.ReLU(),
    )


class Block(nn.Module):
    """A wide look in each channel, then a mix of channels; added to what came in."""

    def __init__(self, wide, size=5):
        super().__init__()
        self.look, self.mix = layer(wide, wide, size, groups=wide), layer(wide, 2 * wide, 1)
        self.back = nn.Sequential(nn.Conv2d(2 * wide, wide, 1, bias=False), nn.BatchNorm2d(wide))

    def forward(self, x):
        return functional.relu(x + self.back(self.mix(self.look(x))))


class CornerNet(nn.Module):
    """A small U: down to 10 by 10, up to 80 by 80."""

    def __init__(self, widths=(16, 32, 64, 96, 128), depths=(0, 1, 2, 3, 3), up=48):
        super().__init__()
        self.stages, before = nn.ModuleList(), 3
        for wide, depth in zip(widths, depths, strict=True):
            self.stages.append(
                nn.Sequential(
                    layer(before, wide, 3, 2), *(Block(wide, 7 if wide > 64 else 5) for _ in range(depth))
                )
            )
            before = wide
        self.sides = nn.ModuleList(nn.Conv2d(wide, up, 1) for wide in widths[1:])
        self.smooth = nn.ModuleList(layer(up, up, 3, groups=up) for _ in widths[1:])
        self.last = nn.Sequential(layer(up, up), nn.Conv2d(up, 3, 1))

    def forward(self, x):
        seen = []
        for stage in self.stages:
            x = stage(x)
            seen.append(x)
        y = None
        for side, smooth, one in zip(self.sides[::-1], self.smooth[::-1], seen[:0:-1], strict=True):
            own = side(one)
            y = smooth(
                own if y is None else own + functional.interpolate(y, scale_factor=2.0, mode="nearest")
            )
        return self.last(y)


def bumps(points):
    """(80, 80): a bump at each point."""
    y, x = np.mgrid[:GRID, :GRID]
    heat = np.zeros((GRID, GRID), np.float32)
    for cx, cy in points / STRIDE - 0.5:
        heat = np.maximum(heat, np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * SPREAD**2)))
    return heat


def targets(corners, portrait):
    """(3, 80, 80): the card's corners, its area, its portrait's corners."""
    heat = np.zeros((3, GRID, GRID), np.float32)
    if corners is not None:
        heat[0], heat[2] = bumps(corners), bumps(portrait)
        cv2.fillPoly(heat[1], [np.round(corners / STRIDE).astype(np.int32)], 1.0)
    return heat


def slip(heat, points, corners):
    """How far the four hottest places are from the points, the worst of them, in shares of the card's width."""
    places, _ = four_corners(heat)
    away = np.linalg.norm(places[:, None] - points[None], axis=2).min(0)
    return away.max() / np.linalg.norm(corners[1] - corners[0])


def batch(scenes, size=BATCH):
    """Pictures, what should be seen on them, and the corners of each card and portrait."""
    drawn = [scenes.draw() for _ in range(size)]
    x = (
        torch.from_numpy(np.stack([picture for picture, _, _ in drawn])).permute(0, 3, 1, 2).float() / 127.5
        - 1
    )
    heat = torch.from_numpy(np.stack([targets(corners, portrait) for _, corners, portrait in drawn]))
    return x, heat, [places for _, *places in drawn]


def loss_of(logits, heat):
    lossy = functional.binary_cross_entropy_with_logits
    peaks = sum(
        (lossy(logits[:, i], heat[:, i], reduction="none") * (1 + 60 * heat[:, i])).mean() for i in (0, 2)
    )
    return peaks * 10 + lossy(logits[:, 1], heat[:, 1])


def evaluate(net, held):
    """Of held-out cards: share of corners within 1, 2, 4 % of the card's width, and of portraits; at one look."""
    net.eval()
    slips = []
    with torch.no_grad():
        for x, _, truth in held:
            for heat, (corners, portrait) in zip(torch.sigmoid(net(x)).numpy(), truth, strict=True):
                if corners is not None:
                    slips.append((slip(heat[0], corners, corners), slip(heat[2], portrait, corners)))
    net.train()
    return [(np.array(slips) < limit).mean(0).round(3).tolist() for limit in (0.01, 0.02, 0.04)]


class Whole(nn.Module):
    """The net with its last step, as it is stored."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return torch.sigmoid(self.net(x))


def save(net, path):
    net.eval()
    torch.onnx.export(Whole(net), torch.zeros(1, 3, WHOLE, WHOLE), path, input_names=["x"], output_names=["heat"],
                      opset_version=17, dynamo=False)  # fmt: skip
    onnx.save(quarter(onnx.load(path)), path)
    net.train()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--start")
    wish = parser.parse_args()
    torch.set_num_threads(wish.threads)
    torch.manual_seed(wish.seed)
    net = CornerNet()
    if wish.start:
        known = torch.load(wish.start)
        if known["last.1.bias"].shape[0] == 5:
            for name in ("last.1.weight", "last.1.bias"):
                known[name] = torch.stack([known[name][:4].mean(0), known[name][4], known[name][:4].mean(0)])
        net.load_state_dict(known)
    net = net.to(memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(net.parameters(), lr=wish.rate, weight_decay=1e-4)
    scenes = Scenes(wish.seed)
    unseen = Scenes(99, 60, 60)
    held = [batch(unseen) for _ in range(8)]
    begun, step, running = time.time(), 0, 0.0
    while (done := (time.time() - begun) / (wish.minutes * 60)) < 1:
        x, heat, _ = batch(scenes)
        for group in optimiser.param_groups:
            group["lr"] = (
                wish.rate * min(1, (step + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))
            )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = net(x.contiguous(memory_format=torch.channels_last))
        loss = loss_of(logits.float(), heat)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        running = 0.98 * running + 0.02 * loss.item() if step > 1 else loss.item()
        if step % 250 == 0:
            seen = f"{time.time() - begun:.0f} s, {step * BATCH} scenes, loss {running:.4f}"
            print(f"{seen}; within 1, 2, 4 %: {evaluate(net, held)}", flush=True)
            torch.save(net.state_dict(), wish.out + ".pt")
    save(net, wish.out)
    torch.save(net.state_dict(), wish.out + ".pt")
    print(f"{step * BATCH} scenes; within 1, 2, 4 %: {evaluate(net, held)}")


if __name__ == "__main__":
    main()

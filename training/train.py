"""Trains the line recogniser on drawn lines, on the CPU.

    python train.py START.onnx OUT.onnx --minutes 60 [--rate 6e-4] [--batch 24] [--seed 1] [--threads 2]

START is either PP-OCRv6_rec_small.onnx (Apache-2.0, inside the PyPI wheel rapidocr 3.10.0; its alphabet has hanja and
digits but no hangul: the head is rebuilt and known rows are kept) or an earlier OUT. Saves every 400 steps.
Needs torch, onnx, rapidfuzz and what lines.py needs. Two cores train about 16 lines a second.
"""

import argparse
import math
import random
import time
from contextlib import contextmanager

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as functional
from rapidfuzz.distance import Levenshtein

from training import lines
from training.onnx_in_torch import OnnxNet, characters, save

CLASS = {letter: i + 1 for i, letter in enumerate(lines.ALPHABET)}
HEAD = "linear_8"


def with_our_alphabet(net, start):
    """Rebuilds the head for lines.ALPHABET, keeping the rows of letters that the start model knows."""
    known = characters(start)
    if known == lines.ALPHABET:
        return net
    row_of = {letter: i + 1 for i, letter in enumerate(known if " " in known else [*known, " "])}
    weight, bias = net.weights[HEAD + "__w_0"].data, net.weights[HEAD + "__b_0"].data
    w = torch.randn(weight.shape[0], len(CLASS) + 1) * weight[:, 1:].std() * 0.5
    b = torch.full((len(CLASS) + 1,), float(bias[1:].mean()))
    w[:, 0], b[0] = weight[:, 0], bias[0]
    for letter, i in CLASS.items():
        if letter in row_of:
            w[:, i], b[i] = weight[:, row_of[letter]], bias[row_of[letter]]
    net.weights[HEAD + "__w_0"], net.weights[HEAD + "__b_0"] = nn.Parameter(w), nn.Parameter(b)
    return net


class Batches:
    """Batches of lines of similar width."""

    def __init__(self, seed, size):
        self.rng, self.nrng, self.size, self.pool = random.Random(seed), np.random.default_rng(seed), size, []

    def next(self):
        if len(self.pool) < self.size * 4:
            ground = lines.paper(self.rng)
            while len(self.pool) < self.size * 12:
                picture, text = lines.draw_line(self.rng, self.nrng, ground)
                if text and picture.shape[1] <= 840:
                    self.pool.append((picture, text))
            self.pool.sort(key=lambda item: item[0].shape[1])
        k = self.rng.randrange(0, len(self.pool) - self.size + 1)
        batch, self.pool[k : k + self.size] = self.pool[k : k + self.size], []
        width = max(64, -(-max(picture.shape[1] for picture, _ in batch) // 8) * 8)
        x = np.zeros((len(batch), 1, 48, width), np.float32)
        for i, (picture, _) in enumerate(batch):
            x[i, 0, :, : picture.shape[1]] = (picture / 255.0 - 0.5) / 0.5
        return torch.from_numpy(x).expand(-1, 3, -1, -1), [text for _, text in batch]


def decode(logits):
    def written(row):
        pairs = zip(row, [0, *row], strict=False)
        return "".join(lines.ALPHABET[letter - 1] for letter, before in pairs if letter and letter != before)

    return [written(row) for row in logits.argmax(-1).tolist()]


def evaluate(net, held_out):
    """(character error rate, share of lines read exactly)."""
    wrong = total = exact = 0
    with torch.no_grad():
        for picture, text in held_out:
            x = torch.from_numpy((picture / 255.0 - 0.5) / 0.5).float()[None, None].expand(-1, 3, -1, -1)
            read = decode(net(x))[0]
            wrong, total, exact = (
                wrong + Levenshtein.distance(read, text),
                total + len(text),
                exact + (read == text),
            )
    return round(wrong / total, 4), round(exact / len(held_out), 3)


@contextmanager
def averaged(net, average):
    """The weights' running average while inside: steadier than the last step's."""
    kept = {name: value.detach().clone() for name, value in net.weights.items()}
    for name, value in average.items():
        net.weights[name].data.copy_(value)
    try:
        yield
    finally:
        for name, value in kept.items():
            net.weights[name].data.copy_(value)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("start")
    ap.add_argument("out")
    ap.add_argument("--minutes", type=float, default=60)
    ap.add_argument("--rate", type=float, default=6e-4)
    ap.add_argument("--batch", type=int, default=24)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--threads", type=int, default=2)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    net = with_our_alphabet(OnnxNet(a.start), a.start).train()
    head = [p for k, p in net.weights.items() if k.startswith(HEAD)]
    body = [p for k, p in net.weights.items() if not k.startswith(HEAD)]
    optimiser = torch.optim.AdamW(
        [{"params": head, "times": 3.0}, {"params": body, "times": 1.0}], lr=a.rate, weight_decay=1e-4
    )
    batches, rng, nrng = Batches(a.seed, a.batch), random.Random(0), np.random.default_rng(0)
    held_out = [lines.draw_line(rng, nrng) for _ in range(200)]
    average = {name: value.detach().clone() for name, value in net.weights.items()}
    start, step, running = time.time(), 0, None
    while (done := (time.time() - start) / (a.minutes * 60)) < 1:
        x, texts = batches.next()
        logits = net(x)
        for group in optimiser.param_groups:
            group["lr"] = (
                a.rate
                * group["times"]
                * min(1, (step + 1) / 60)
                * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
            )
        loss = functional.ctc_loss(
            functional.log_softmax(logits, -1).transpose(0, 1),
            torch.tensor([CLASS[c] for t in texts for c in t]),
            torch.full((len(texts),), logits.shape[1]),
            torch.tensor([len(t) for t in texts]),
            zero_infinity=True,
        )
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        with torch.no_grad():
            decay = min(0.9985, step / (step + 50))
            for name, value in net.weights.items():
                average[name].lerp_(value, 1 - decay)
        step += 1
        running = loss.item() if running is None else 0.95 * running + 0.05 * loss.item()
        if step % 50 == 0:
            print(f"step {step} of {done:.0%}: loss {running:.3f}", flush=True)
        if step % 100 == 0:
            with averaged(net, average):
                save(net, a.start, a.out, lines.ALPHABET)
                print(
                    f"{time.time() - start:.0f} s, {step * a.batch} lines; "
                    f"held-out lines: CER, exact = {evaluate(net, held_out)}",
                    flush=True,
                )
    for name, value in average.items():
        net.weights[name].data.copy_(value)
    save(net, a.start, a.out, lines.ALPHABET)
    print(f"{step * a.batch} lines; held-out lines: CER, exact = {evaluate(net, held_out)}")


if __name__ == "__main__":
    main()

"""Trains the line recogniser on drawn lines, on the CPU.

    python -m training.train START.onnx OUT.onnx --minutes 60 [--rate 6e-4] [--batch 24] [--seed 1] [--threads 2]

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
SAVE_EVERY = 400
STEP = 64
"""Widths come in such steps: each new shape costs the processor's library half a second once."""
MOST_LOSS = 8.0
"""A batch worse than this holds a line that cannot be read at all: it teaches nothing and unsettles everything."""
WIDEST = 960
"""Pixels; longer lines would cost a batch its memory."""


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
                if text and picture.shape[1] <= WIDEST:
                    self.pool.append((picture, text))
            self.pool.sort(key=lambda item: item[0].shape[1])
        k = self.rng.randrange(0, len(self.pool) - self.size + 1)
        batch, self.pool[k : k + self.size] = self.pool[k : k + self.size], []
        width = -(-max(picture.shape[1] for picture, _ in batch) // STEP) * STEP
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


def wishes():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("start")
    parser.add_argument("out")
    for name, kind, value in (
        ("minutes", float, 60),
        ("rate", float, 6e-4),
        ("batch", int, 24),
        ("seed", int, 1),
    ):
        parser.add_argument(f"--{name}", type=kind, default=value)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bfloat16", action="store_true", help="twice as fast on processors that have it")
    return parser.parse_args()


def loss_of(logits, texts):
    """CTC loss of a batch."""
    return functional.ctc_loss(
        functional.log_softmax(logits, -1).transpose(0, 1),
        torch.tensor([CLASS[letter] for text in texts for letter in text]),
        torch.full((len(texts),), logits.shape[1]),
        torch.tensor([len(text) for text in texts]),
        zero_infinity=True,
    )


class Trainer:
    """One run: the net, its optimiser, the weights' running average."""

    def __init__(self, wish):
        self.wish, self.step, self.running, self.start = wish, 0, None, time.time()
        self.net = with_our_alphabet(OnnxNet(wish.start), wish.start).train()
        for name in self.net.early():
            self.net.weights[name].requires_grad_(False)
        learning = [(name, value) for name, value in self.net.weights.items() if value.requires_grad]
        head = [value for name, value in learning if name.startswith(HEAD)]
        body = [value for name, value in learning if not name.startswith(HEAD)]
        groups = [{"params": head, "times": 3.0}, {"params": body, "times": 1.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=wish.rate, weight_decay=1e-4)
        self.average = {name: value.detach().clone() for name, value in self.net.weights.items()}
        rng, nrng = random.Random(0), np.random.default_rng(0)
        self.held_out = [lines.draw_line(rng, nrng) for _ in range(200)]

    @property
    def done(self):
        """The share of the time that is over."""
        return (time.time() - self.start) / (self.wish.minutes * 60)

    def learn(self, x, texts):
        """One step on one batch."""
        falling = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, self.done)))
        for group in self.optimiser.param_groups:
            group["lr"] = self.wish.rate * group["times"] * min(1, (self.step + 1) / 60) * falling
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.wish.bfloat16):
            logits = self.net(x.contiguous(memory_format=torch.channels_last))
        loss = loss_of(logits.float(), texts)
        if not loss.item() < MOST_LOSS:
            return
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        with torch.no_grad():
            decay = min(0.9985, self.step / (self.step + 50))
            for name, value in self.net.weights.items():
                self.average[name].lerp_(value, 1 - decay)
        self.step += 1
        self.running = loss.item() if self.running is None else 0.95 * self.running + 0.05 * loss.item()

    def keep(self):
        """Saves the average and says how well it reads."""
        with averaged(self.net, self.average):
            save(self.net, self.wish.start, self.wish.out, lines.ALPHABET)
            figures = evaluate(self.net, self.held_out)
        seen = self.step * self.wish.batch
        print(
            f"{time.time() - self.start:.0f} s, {seen} lines; held-out lines: CER, exact = {figures}",
            flush=True,
        )


def main():
    wish = wishes()
    torch.set_num_threads(wish.threads)
    torch.manual_seed(wish.seed)
    trainer, batches = Trainer(wish), Batches(wish.seed, wish.batch)
    while trainer.done < 1:
        trainer.learn(*batches.next())
        if trainer.step % 50 == 0:
            print(f"step {trainer.step} of {trainer.done:.0%}: loss {trainer.running:.3f}", flush=True)
        if trainer.step % SAVE_EVERY == 0:
            trainer.keep()
    trainer.keep()


if __name__ == "__main__":
    main()

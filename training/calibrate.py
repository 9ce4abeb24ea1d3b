"""Fits how sure the reader says it is to how often it is right, on drawn cards in faces never trained on.

    python -m training.calibrate --cards 150 [--seed 40000] [--jobs 2]

Prints the weights for `ocr_integration/engine/confidence.py`: logistic regression with a weak prior towards 0, by
Newton's method. The cards' seeds are not those of the published figures.
"""

import argparse
import itertools
import multiprocessing
import os

import numpy as np

from bench.outcomes import plain
from ocr_integration.engine import CardEngine, Unreadable, confidence
from tests import specimens

FIELDS = {"of_number": "ID", "of_date": "DateOfIssue", "of_name": "Name", "of_address": "Address"}
PRIOR = 0.02
LEVELS = ("clean", "photo", "hard")


class Recorder:
    """Stands before the functions of `confidence` and keeps what they were asked."""

    def __init__(self):
        self.asked = {}
        for name in FIELDS:
            setattr(confidence, name, self._recording(name, getattr(confidence, name)))

    def _recording(self, name, said):
        def recorded(*values, **named):
            features = confidence.FEATURES[name](*values, **named)
            self.asked[FIELDS[name]] = features
            return said(*values, **named)

        return recorded


_here = {}


def _begin():
    _here["engine"], _here["recorder"] = CardEngine(), Recorder()


def _read(task):
    seed, level = task
    drawn = specimens.draw(seed, level, held_out=True)
    _here["recorder"].asked.clear()
    try:
        card = _here["engine"].read(drawn.jpeg(), photo=False)
    except Unreadable:
        return []
    truth = drawn.truth()
    return [
        (field, features, plain(field, card.fields[field].text) == plain(field, truth[field]))
        for field, features in _here["recorder"].asked.items()
    ]


def fitted(x, y):
    """Weights of a logistic regression; the first is the constant."""
    x = np.column_stack([np.ones(len(x)), x])
    weights = np.zeros(x.shape[1])
    for _ in range(40):
        odds = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (y - odds) - PRIOR * weights
        curve = (x * (odds * (1 - odds))[:, None]).T @ x + PRIOR * np.eye(x.shape[1])
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cards", type=int, default=150, help="cards a level")
    parser.add_argument("--seed", type=int, default=40_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    wish = parser.parse_args()
    tasks = [(wish.seed + i, level) for level in LEVELS for i in range(wish.cards)]
    with multiprocessing.get_context("spawn").Pool(wish.jobs, _begin) as pool:
        rows = list(itertools.chain.from_iterable(pool.imap(_read, tasks, chunksize=4)))
    for field in FIELDS.values():
        x = np.array([features for name, features, _ in rows if name == field])
        y = np.array([right for name, _, right in rows if name == field], float)
        print(field, f"{int(y.sum())} of {len(y)} right; weights", fitted(x, y).round(2).tolist())


if __name__ == "__main__":
    main()

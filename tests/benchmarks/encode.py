"""The bundle's own encoder beside the training's, one brief at a time, in one run.

python -m tests.benchmarks.encode --bundle BUNDLE [--times 40]

Briefs of three lengths, new ones each time, the two encoders in turn: milliseconds by the
wall and by the processor (which other work on the machine moves less), and the ratio.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from features import FEATURES
from matcher.bundle import Bundle
from matcher.ports import Encoder
from matcher.retrieval.default import named_encoder
from matcher.settings import Settings

WORDS = [
    "we",
    "sell",
    "handmade",
    "lamps",
    "and",
    "need",
    "somebody",
    "to",
    "speed",
    "up",
    "the",
    "reports",
    "that",
    "our",
    "small",
    "team",
    "reads",
    "every",
    "morning",
    "because",
    "the",
    "database",
    "grew",
    "and",
    "the",
    "nightly",
    "job",
    "no",
    "longer",
    "ends",
    "before",
    "nine",
    "please",
    "tell",
    "us",
    "how",
    "you",
    "would",
    "find",
    "the",
    "slow",
    "queries",
    "and",
    "what",
    "you",
    "would",
    "change",
    "first",
]
LENGTHS = {"a title": 5, "60 words": 60, "120 words": 120}


def timed(encoder: Encoder, text: str) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    encoder.encode([text])
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    bundle = Bundle.open(options.bundle, features=FEATURES)
    light = bundle.own_encoder()
    if light is None:
        parser.error("the bundle carries no encoder")
    heavy = named_encoder(Settings())
    bundle.require(heavy)
    light.warm(), heavy.warm()
    print(f"{'':10}  exported wall / cpu    torch wall / cpu    torch by exported, cpu")
    for name, words in LENGTHS.items():
        found: dict[str, list[tuple[float, float]]] = {"light": [], "heavy": []}
        for n in range(options.times + 5):
            text = " ".join([str(n), *(WORDS * 3)[:words]])
            for key, encoder in (("light", light), ("heavy", heavy)):
                took = timed(encoder, text)
                if n >= 5:
                    found[key].append(took)
        (lw, lc), (hw, hc) = (np.median(found[key], axis=0) * 1_000 for key in ("light", "heavy"))
        print(f"{name:10}  {lw:8.1f} / {lc:5.1f}     {hw:9.1f} / {hc:5.1f}     {hc / lc:6.2f}")


if __name__ == "__main__":
    main()

"""Who is hired for a job, drawn so that everybody's chance is exactly the true one.

With one position this is a single draw over the pool and "nobody". With more, systematic sampling
on a shuffled pool keeps each chance exact, hires no one twice and fills no more seats than there
are.

Source: Madow, Annals of Mathematical Statistics 20(3), 1949, doi:10.1214/aoms/1177729988
"""

from __future__ import annotations

import numpy as np

from training.simulate.draws import Floats
from training.simulate.people import DAY
from training.simulate.posts import Post


def draw_hires(p_hire: Floats, *, positions: int, rng: np.random.Generator) -> list[int]:
    """At most `positions` rows; row i with chance `p_hire[i]`, which may add up to `positions`."""
    order = rng.permutation(len(p_hire))
    ends = np.cumsum(p_hire[order])
    ticks = rng.random() + np.arange(positions)
    seats = np.searchsorted(ends, ticks, side="right")
    # Two ticks meet in one seat only by rounding, where somebody is certain to be hired.
    return list(dict.fromkeys(int(order[seat]) for seat in seats if seat < len(order)))


def draw_delay(post: Post, rng: np.random.Generator) -> int:
    """Seconds from posting to hiring: hours to days, and always before the job closes."""
    delay = int(np.clip(rng.lognormal(0.4, 0.9), 0.05, 21.0) * DAY)
    return delay if post.closes_after is None else min(delay, int(0.9 * post.closes_after))

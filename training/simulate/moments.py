"""What is published about real online labour markets, beside what the simulated one shows.

Everything but the effects of lists and of declined invitations is counted from the exported
tables, so the same figures can be had of any marketplace; those two need the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.top_rated import standings
from training.simulate.contracts import DISSATISFIED
from training.simulate.export import SimulatedMarket
from training.simulate.parameters import Funnel, Parameters
from training.simulate.places import PLACES
from training.simulate.vocabulary import technical

_REGION = {place.country: place.region for place in PLACES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A figure that the market is held to.

    Attributes:
        name: What it is, in a few words.
        target: The published figure.
        tolerance: How far the simulated value may lie from it.
        value: The simulated value; NaN where the market is too small to tell.
        source: Where the figure was published.
        is_set: Whether a parameter or a constant sets it, more or less; the others emerge.
    """

    name: str
    target: float
    tolerance: float
    value: float
    source: str
    is_set: bool

    @property
    def is_met(self) -> bool:
        """Whether the value lies within the tolerance."""
        return abs(self.value - self.target) <= self.tolerance


# name -> (target, tolerance, source); the order is that of the report.
TARGETS: dict[str, tuple[float, float, str]] = {
    "sign-ups who ever get a job": (0.02, 0.004, "Upwork filings"),
    "sign-ups who never apply, or fall short before": (0.85, 0.1, "Upwork filings"),
    "hired freelancers who become top rated": (0.10, 0.03, "Upwork filings"),
    "posts that hire": (0.38, 0.02, "Horton, JOLE 2017"),
    "posts that invite": (0.40, 0.03, "Horton, JOLE 2017"),
    "hires that start with the client": (0.50, 0.05, "Horton, EC 2014"),
    "applications a job": (25.0, 1.5, "Horton, JOLE 2017"),
    "applications, shape of the negative binomial": (1.6, 0.4, "setting"),
    "jobs with an application within a minute": (0.67, 0.04, "Freelancer.com H1 2024"),
    "public stars, mean": (4.8, 0.06, "Filippas, Horton & Golden, EC 2018"),
    "dissatisfied in private, 4 or 5 stars in public": (
        0.24,
        0.06,
        "Filippas, Horton & Golden, EC 2018",
    ),
    "contracts with stars": (0.82, 0.02, "Filippas, Horton & Golden, EC 2018"),
    "hourly rate, mean USD": (28.0, 1.5, "Payoneer 2022"),
    "hourly rate in North America, mean USD": (44.0, 3.0, "Payoneer 2022"),
    "hourly rate in Europe, mean USD": (31.0, 2.0, "Payoneer 2022"),
    "skewness of the log rate (0: log-normal)": (0.0, 0.3, "Payoneer 2014"),
    "premium in bids to new clients": (0.10, 0.03, "Stanton & Thomas 2015"),
    "freelancers in agencies": (0.36, 0.03, "Stanton & Thomas 2011"),
    "money from the top fifth of clients": (0.80, 0.05, "Upwork filings"),
    "chance of a match that a declined invitation costs, 90th percentile": (
        0.67,
        0.10,
        "Horton, CESifo 6985",
    ),
    "technical posts: hires with a list over hires without": (1.20, 0.05, "Horton, JOLE 2017"),
}

# What the simulator is told; that it comes out again shows that the record is sound, no more.
SET = frozenset(
    {
        "sign-ups who never apply, or fall short before",
        "applications, shape of the negative binomial",
        "dissatisfied in private, 4 or 5 stars in public",
        "contracts with stars",
        "hourly rate, mean USD",
        "hourly rate in North America, mean USD",
        "hourly rate in Europe, mean USD",
        "premium in bids to new clients",
        "freelancers in agencies",
    }
)


def moments(market: SimulatedMarket, parameters: Parameters) -> tuple[Moment, ...]:
    """Every target beside its simulated value; all unknown where nothing ever happened."""
    values = (
        {name: float("nan") for name in TARGETS}
        if market.events.empty
        else {
            **_funnel(market, parameters.funnel),
            **_posts(market),
            **_ratings(market),
            **_money(market),
            **_effects(market),
        }
    )
    targets = {
        **TARGETS,
        "applications, shape of the negative binomial": (
            parameters.applications.dispersion,
            *TARGETS["applications, shape of the negative binomial"][1:],
        ),
    }
    return tuple(
        Moment(
            name=name,
            target=target,
            tolerance=tolerance,
            value=values[name],
            source=source,
            is_set=name in SET,
        )
        for name, (target, tolerance, source) in targets.items()
    )


def _funnel(market: SimulatedMarket, rule: Funnel) -> Mapping[str, float]:
    events, total = market.events, len(market.signups)
    hired = events.loc[events["kind"] == "hired", "freelancer_id"].nunique()
    tried = events.loc[
        events["kind"].isin(["applied", "invite_accepted"]), "freelancer_id"
    ].nunique()
    top = sum(one.is_top for one in standings(events, rule.top_rated()))
    return {
        "sign-ups who ever get a job": _share(hired, total),
        "sign-ups who never apply, or fall short before": 1 - _share(tried, total),
        "hired freelancers who become top rated": _share(top, hired),
    }


def _posts(market: SimulatedMarket) -> Mapping[str, float]:
    jobs, events = market.jobs, market.events
    hired = events[events["kind"] == "hired"]
    asked = events.loc[events["kind"] == "invited", ["job_id", "freelancer_id"]]
    by_client = hired.merge(asked, on=["job_id", "freelancer_id"])
    applied = events[events["kind"] == "applied"]
    counts = applied.groupby("job_id").size().reindex(jobs["job_id"], fill_value=0)
    mean, variance = counts.mean(), counts.var()
    waited = applied["at"] - applied["job_id"].map(jobs.set_index("job_id")["posted_at"])
    prompt = applied.loc[waited < pd.Timedelta(seconds=60), "job_id"].nunique()
    return {
        "posts that hire": _share(hired["job_id"].nunique(), len(jobs)),
        "posts that invite": _share(asked["job_id"].nunique(), len(jobs)),
        "hires that start with the client": _share(len(by_client), len(hired)),
        "applications a job": float(mean),
        "applications, shape of the negative binomial": (
            float(mean**2 / (variance - mean)) if variance > mean else float("nan")
        ),
        "jobs with an application within a minute": _share(prompt, len(jobs)),
    }


def _ratings(market: SimulatedMarket) -> Mapping[str, float]:
    events = market.events
    value = events.pivot_table(
        index=["job_id", "freelancer_id"], columns="kind", values="value", aggfunc="first"
    ).reindex(columns=["rated_freelancer", "rated_private"])
    stars, private = value["rated_freelancer"], value["rated_private"]
    dissatisfied = stars[(private <= DISSATISFIED) & stars.notna()]
    ended = events["kind"].isin(["completed", "cancelled"]).sum()
    return {
        "public stars, mean": float(stars.mean()),
        "dissatisfied in private, 4 or 5 stars in public": float((dissatisfied >= 4).mean()),
        "contracts with stars": _share(int(stars.notna().sum()), int(ended)),
    }


def _money(market: SimulatedMarket) -> Mapping[str, float]:
    people = market.freelancers.sort_values("valid_from").drop_duplicates("freelancer_id")
    rate, region = people["hourly_rate_usd"], people["country"].map(_REGION)
    paid = market.events[market.events["kind"] == "paid"]
    client = paid["job_id"].map(market.jobs.set_index("job_id")["client_id"])
    spent = paid.groupby(client.to_numpy())["value"].sum().sort_values(ascending=False)
    fifth = spent.iloc[: max(round(0.2 * len(spent)), 1)].sum()
    return {
        "hourly rate, mean USD": float(rate.mean()),
        "hourly rate in North America, mean USD": float(rate[region == "North America"].mean()),
        "hourly rate in Europe, mean USD": float(rate[region == "Europe"].mean()),
        "skewness of the log rate (0: log-normal)": float(np.log(rate.dropna()).skew()),
        "premium in bids to new clients": _premium(market),
        "freelancers in agencies": float(people["agency_id"].notna().mean()),
        "money from the top fifth of clients": _share(float(fifth), float(spent.sum())),
    }


def _premium(market: SimulatedMarket) -> float:
    """How much higher the same freelancers bid, in the same quarter, to clients without a hire."""
    jobs, events = market.jobs.set_index("job_id"), market.events
    hired = events[events["kind"] == "hired"]
    if hired.empty:
        return float("nan")
    known_from = hired.groupby(hired["job_id"].map(jobs["client_id"]).to_numpy())["at"].min()
    bids = events[events["kind"] == "applied"]
    bids = bids[bids["job_id"].map(jobs["payment"]).to_numpy() == "hourly"]
    posted_at = bids["job_id"].map(jobs["posted_at"])
    is_new = ~(bids["job_id"].map(jobs["client_id"]).map(known_from) < posted_at)
    quarter = posted_at.dt.year * 4 + posted_at.dt.quarter
    table = pd.DataFrame({"bid": np.log(bids["value"]), "is_new": is_new.astype(float)})
    within = table - table.groupby([bids["freelancer_id"], quarter]).transform("mean")
    spread = float((within["is_new"] ** 2).sum())
    if spread == 0:
        return float("nan")
    return float(np.expm1((within["bid"] * within["is_new"]).sum() / spread))


def _effects(market: SimulatedMarket) -> Mapping[str, float]:
    jobs = market.truth_jobs
    with_skill = jobs[jobs["category"].isin(technical())]
    cost = jobs["cost_of_declining"].dropna()
    return {
        "chance of a match that a declined invitation costs, 90th percentile": (
            float(cost.quantile(0.9)) if len(cost) else float("nan")
        ),
        "technical posts: hires with a list over hires without": _share(
            float(with_skill["p_hires"].sum()), float(with_skill["p_hires_without_list"].sum())
        ),
    }


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")

"""What the commands `promote` and `rollback` do, apart from their options."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from features import FEATURES
from matcher.bundle import Bundle
from matcher.domain import moment_of
from matcher.errors import (
    BundleError,
    FeatureMismatchError,
    LeakageError,
    PromotionRefusedError,
    UsageError,
)
from matcher.manifest import verified
from matcher.ports import Encoder
from matcher.registry import Registered, fetch, holder, publish, registered
from matcher.retrieval.default import default_encoder
from matcher.roster import Jobs
from matcher.snapshot import Snapshot
from matcher.succession import Decision, crown, refuse, roll_back, settle
from training.commands import read_market
from training.duel import duel
from training.evaluate import Span, refuse_leak, seen_until, test_span
from training.labels import Labels
from training.promote import Rules, Verdict, judged
from training.promotion_tables import print_json, print_verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """On which jobs two bundles are compared; see `matcher promote`."""

    test_from: datetime | None = None
    test_share: float | None = None
    sample: int | None = None


def promote_bundle(
    path: Path,
    *,
    market: Path,
    asked: Asked,
    rules: Rules,
    by: str | None,
    why: str | None,
    as_json: bool,
) -> None:
    """Compare a bundle with the champion of its name, and make it champion if it passes.

    Raises:
        LeakageError: One of the two has seen the test span.
        PromotionRefusedError: A check failed, or the champion changed meanwhile.
    """
    bundle = Bundle.open(path, features=FEATURES)
    name = bundle.manifest.name
    _settle(name)
    champion = holder(name, "champion")
    about: dict[str, object] = {"name": name, "digest": bundle.digest}
    if champion is not None and champion.digest == bundle.digest:
        _say_again(champion, about, as_json=as_json)
        return
    test, verdict, note = _compared(bundle, champion, market, asked=asked, rules=rules)
    figures = {"test": test, "checks": verdict.figures(), "note": note}
    decision = Decision(
        how="promotion",
        by=by or _somebody(),
        why=why,
        at=datetime.now(UTC),
        figures={**figures, "champion": None if champion is None else champion.version},
    )
    candidate = _registered(path, name, bundle.digest)
    if verdict.holds:
        crown(candidate, instead_of=champion, decision=decision)
    else:
        refuse(candidate, decision)
    told = {
        "promoted": verdict.holds,
        **about,
        "version": candidate.version,
        "champion_before": None if champion is None else champion.version,
        **figures,
    }
    if as_json:
        print_json(told)
    else:
        print_verdict(told)
    if not verdict.holds:
        raise PromotionRefusedError(_refusal(name, candidate, champion, verdict))


def roll_back_champion(
    name: str, *, to: str | None, by: str | None, why: str | None, as_json: bool
) -> None:
    """Make an earlier champion champion again."""
    _settle(name)
    before = holder(name, "champion")
    decision = Decision(how="rollback", by=by or _somebody(), why=why, at=datetime.now(UTC))
    reign, bundle = roll_back(name, to=to, decision=decision)
    manifest, digest = verified(bundle)
    if manifest.fingerprint != FEATURES.fingerprint:
        sys.stderr.write(
            "warning: this release makes other features than that bundle was fitted on and cannot "
            "open it; serve it with the release that built it\n"
        )
    left = None if before is None else before.version
    if as_json:
        print_json(
            {"name": name, "version": reign.version, "digest": digest, "champion_before": left}
        )
        return
    sys.stdout.write(
        f"version {reign.version} is champion of {name} again, as it was from "
        f"{datetime.fromisoformat(reign.since):%Y-%m-%d %H:%M} UTC on (digest {digest[:12]}); "
        f"{'nobody was' if left is None else f'version {left} was'} before\n"
    )


def _compared(
    bundle: Bundle, champion: Registered | None, market: Path, *, asked: Asked, rules: Rules
) -> tuple[Mapping[str, object], Verdict, str | None]:
    """The test span, the verdict, and what is to be said of the comparison."""
    encoder = default_encoder()
    bundle.require(encoder)
    rival, note = _rival(champion, encoder)
    marketplace = read_market(market)
    snapshot = Snapshot.of(marketplace, encoder=encoder)
    span = fair_span(snapshot.jobs, bundle, rival, asked=asked)
    found = duel(
        bundle.model.engine(snapshot, encoder=encoder),
        None if rival is None else rival.model.engine(snapshot, encoder=encoder),
        span,
        labels=Labels.of(marketplace.events, snapshot=snapshot),
    )
    test = {
        "from": moment_of(span.test_from).isoformat(),
        "to": moment_of(int(snapshot.jobs.posted_at[span.jobs[-1]])).isoformat(),
        "jobs": len(span.jobs),
        "left_out": found.left_out,
    }
    return {**test, "rules": asdict(rules)}, judged(found, rules), note


def _rival(champion: Registered | None, encoder: Encoder) -> tuple[Bundle | None, str | None]:
    """The champion's bundle, if there is one that can be asked beside the candidate."""
    own = "the candidate is judged against its own pool in its own order"
    if champion is None:
        return None, f"there is no champion yet: {own}"
    path = fetch(champion.name, version=champion.version)
    try:
        rival = Bundle.open(path, features=FEATURES)
    except FeatureMismatchError:
        return None, f"the champion needs the features of another release: {own}"
    try:
        rival.require(encoder)
    except BundleError:
        return None, f"the champion needs another encoder: {own}"
    return rival, None


def fair_span(jobs: Jobs, bundle: Bundle, rival: Bundle | None, *, asked: Asked) -> Span:
    """Jobs that neither has seen: those asked for, or all there are.

    Raises:
        UsageError: An instant and a share are both named, or no job is in the span.
        LeakageError: One of the two has seen the span, or there is no job that neither has.
    """
    if asked.test_from is not None and asked.test_share is not None:
        raise UsageError("--test-from and --test-share were both given; give one of them")
    both = {"bundle": bundle} if rival is None else {"bundle": bundle, "champion": rival}
    test_from = asked.test_from
    if test_from is None and asked.test_share is None:
        test_from = _unseen_from(jobs, {what: seen_until(one) for what, one in both.items()})
    share = 0.1 if asked.test_share is None else asked.test_share
    span = test_span(jobs, test_from=test_from, test_share=share, sample=asked.sample)
    for what, one in both.items():
        refuse_leak(one, span, what=what)
    return span


def _unseen_from(jobs: Jobs, seen: Mapping[str, int]) -> datetime:
    latest = max(seen.values())
    if len(jobs) and latest > int(jobs.posted_at[-1]):
        told = " and ".join(
            f"the {what} learned until {moment_of(instant).isoformat()}"
            for what, instant in seen.items()
        )
        last = moment_of(int(jobs.posted_at[-1])).isoformat()
        raise LeakageError(
            f"no job is left to compare on: {told}, the last job was posted at {last}; add later "
            "jobs to the directory, or train with an earlier --until"
        )
    return moment_of(latest)


def _registered(path: Path, name: str, digest: str) -> Registered:
    """The version that holds this very bundle; registered now unless it was before."""
    if not any(one.digest == digest for one in registered(name)):
        publish(path)
    return next(one for one in registered(name) if one.digest == digest)


def _settle(name: str) -> None:
    for line in settle(name, now=datetime.now(UTC)):
        sys.stderr.write(f"warning: {line}\n")


def _say_again(champion: Registered, about: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json({"promoted": False, **about, "version": champion.version, "is_champion": True})
    else:
        sys.stdout.write(
            f"version {champion.version} of {champion.name} is this bundle and is champion "
            "already; nothing was compared\n"
        )


def _refusal(
    name: str, candidate: Registered, champion: Registered | None, verdict: Verdict
) -> str:
    stays = "nobody" if champion is None else f"version {champion.version}"
    lines = "".join(f"\n  {one.name}: {one.told}" for one in verdict.failed)
    return (
        f"version {candidate.version} of {name} was not promoted; it is challenger, {stays} stays "
        f"champion:{lines}"
    )


def _somebody() -> str:
    """The name of the account, or that it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"

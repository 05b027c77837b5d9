"""Which bundles hold a person: a bundle is never changed, so it wants to be trained anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from matcher import registry, tracking
from matcher.errors import BundleError, MatcherError, RegistryError
from matcher.manifest import digest_at

_NAMED_IN = (("freelancers", "freelancer_id"), ("jobs", "client_id"), ("events", "freelancer_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Whether a bundle holds a person.

    Attributes:
        bundle: Its path, or its name and version in the registry.
    """

    bundle: str
    digest: str
    holds: bool


def holdings(id_: str, bundles: Sequence[Path], *, with_registry: bool) -> list[Holding]:
    """Of some bundles and of those that are registered; each content once.

    Raises:
        BundleError: One of those named is none.
    """
    found = {one.digest: one for one in reversed([_holding(id_, path) for path in bundles])}
    named = list(reversed(found.values()))
    if with_registry:
        others = _registered(id_, known=set(found))
        named += {one.digest: one for one in others}.values()
    return named


def _registered(id_: str, *, known: set[str]) -> Iterator[Holding]:
    try:
        for name in tracking.registered_names():
            for one in registry.registered(name):
                if one.digest and one.digest not in known:
                    yield from _fetched(id_, name, one.version)
    except RegistryError as error:
        _warn(error)


def _fetched(id_: str, name: str, version: str) -> Iterator[Holding]:
    try:
        path = registry.fetch(name, version=version)
        yield _holding(id_, path, called=f"{name} {version}")
    except BundleError as error:
        _warn(error)


def _holding(id_: str, path: Path, *, called: str = "") -> Holding:
    return Holding(bundle=called or str(path), digest=digest_at(path), holds=_holds(path, id_))


def _holds(bundle: Path, id_: str) -> bool:
    for table, column in _NAMED_IN:
        try:
            read = pq.read_table(bundle / "marketplace" / f"{table}.parquet", columns=[column])
        except (OSError, pa.ArrowException) as error:
            raise BundleError(
                f"{bundle} cannot be read ({error}); name a trained bundle"
            ) from error
        values = read[column].cast(pa.large_string())
        if pc.any(pc.equal(values, pa.scalar(id_, pa.large_string()))).as_py():
            return True
    return False


def _warn(error: MatcherError) -> None:
    sys.stderr.write(f"warning: a registered bundle could not be looked into: {error}\n")

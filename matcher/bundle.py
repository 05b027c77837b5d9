"""One directory, one deployable: what was learned, and the past it starts from.

A bundle is written whole or not at all and opened only if every byte is the one
that was written. It holds text, Parquet and NumPy arrays: opening one runs no
code of its author's. It knows no clock: the same training gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from matcher.canonical import REMEDY, read_json, write_json
from matcher.directories import replaced
from matcher.engine import Engine
from matcher.errors import BundleError, FeatureMismatchError, InvalidMarketplaceError
from matcher.jobs.engine import JobsEngine
from matcher.manifest import (
    ENCODER,
    FORMAT,
    MANIFEST,
    Manifest,
    is_bundle,
    model_of,
    sha256,
    verified,
)
from matcher.marketplace import Marketplace, read_marketplace, write_marketplace
from matcher.model import Model, read_model, write_model
from matcher.ports import Encoder, FeatureSet, Vectors
from matcher.retrieval.exported import ExportedEncoder
from matcher.retrieval.light import Light
from matcher.retrieval.precision import Precision
from matcher.roster import Freelancers, Jobs
from matcher.schema import TABLES as COLUMNS
from matcher.snapshot import Snapshot
from matcher.violations import TABLE_NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A trained model with the roster, jobs, history and vectors it was trained on."""

    path: Path
    manifest: Manifest
    digest: str
    model: Model
    marketplace: Marketplace
    snapshot: Snapshot
    metrics: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path, *, features: FeatureSet) -> Bundle:
        """Open and verify a bundle.

        Raises:
            BundleError: It is not a bundle, or a file is missing or not the one written.
            FeatureMismatchError: Its ranker was fitted on other features.
        """
        manifest, digest = _of_these(path, features)
        marketplace = _marketplace(path / "marketplace")
        freelancers, jobs = Freelancers.of(marketplace.freelancers), Jobs.of(marketplace.jobs)
        vectors = _vectors(path / "vectors.npy", texts=len(jobs) + len(freelancers.valid_from))
        return cls(
            path=path,
            manifest=manifest,
            digest=digest,
            model=read_model(path, features=features),
            marketplace=marketplace,
            snapshot=Snapshot.assembled(
                marketplace, vectors=vectors, freelancers=freelancers, jobs=jobs
            ),
            metrics=read_json(path / "metrics.json"),
        )

    def engine(self, *, encoder: Encoder) -> Engine:
        """The engine over the bundle's own snapshot.

        Raises:
            BundleError: The encoder is not the one that made the bundle's vectors.
        """
        self.require(encoder)
        return self.model.engine(self.snapshot, encoder=encoder)

    def jobs_engine(self) -> JobsEngine:
        """The engine of the other direction over the bundle's own snapshot."""
        return self.model.jobs_engine(self.snapshot)

    def own_encoder(self, *, precision: Precision = "auto") -> ExportedEncoder | None:
        """The encoder that the bundle carries; None where it carries none.

        Args:
            precision: "auto" is the one that was measured when the bundle was trained.

        Raises:
            BundleError: Its files are no encoder, or one of another space than the vectors.
        """
        light = self.manifest.light
        if light is None:
            return None
        chosen = light.precision if precision == "auto" else precision
        encoder = ExportedEncoder(self.path / ENCODER, precision=chosen)
        self.require(encoder)
        if encoder.dim != (width := self.snapshot.job_vectors.dim):
            raise BundleError(
                f"{self.path / ENCODER} gives {encoder.dim} numbers a text, the bundle's vectors "
                f"have {width}; {REMEDY}"
            )
        return encoder

    def require(self, encoder: Encoder) -> None:
        """Refuse an encoder whose vectors live in another space than the bundle's."""
        if model_of(encoder.digest) != model_of(self.manifest.encoder):
            raise BundleError(
                f"the bundle's vectors were made by encoder {self.manifest.encoder[:24]}, this is "
                f"{encoder.digest[:24]}; set the encoder that it was trained with, or train again"
            )


def open_model(path: Path, *, features: FeatureSet) -> tuple[Model, str]:
    """What a bundle learned, and the bundle's digest; its past is verified and not read.

    Raises:
        BundleError: It is not a bundle, or a file is missing or not the one written.
        FeatureMismatchError: Its ranker was fitted on other features.
    """
    _, digest = _of_these(path, features)
    return read_model(path, features=features), digest


def write_bundle(
    path: Path,
    *,
    model: Model,
    marketplace: Marketplace,
    snapshot: Snapshot,
    encoder: str,
    until: int | None,
    version: str,
    metrics: Mapping[str, object],
    card: str,
    light: Light | None = None,
    force: bool = False,
) -> str:
    """Write a bundle atomically and return its digest.

    Args:
        light: An encoder for the bundle to carry.

    Raises:
        OutputExistsError: Something is there and `force` is not set.
    """
    with replaced(path, what="bundle", force=force, is_ours=is_bundle) as folder:
        write_marketplace(_of_the_contract(marketplace), folder / "marketplace")
        vectors = np.concatenate(
            [np.asarray(snapshot.job_vectors), np.asarray(snapshot.profile_vectors)]
        )
        np.save(folder / "vectors.npy", vectors, allow_pickle=False)
        write_model(folder, model)
        write_json(folder / "metrics.json", metrics)
        (folder / "card.md").write_text(card, encoding="utf-8")
        if light is not None:
            _write_encoder(folder / ENCODER, light)
        manifest = Manifest(
            format=FORMAT,
            name=model.run.name,
            version=version,
            until=until,
            last_at=snapshot.history.last_at,
            fingerprint=model.features.fingerprint,
            encoder=encoder,
            files={
                file.relative_to(folder).as_posix(): sha256(file)
                for file in sorted(folder.rglob("*"))
                if file.is_file()
            },
            light=None if light is None else light.agreement,
        )
        write_json(folder / MANIFEST, asdict(manifest))
        return sha256(folder / MANIFEST)


def _of_these(path: Path, features: FeatureSet) -> tuple[Manifest, str]:
    """The manifest and digest of a bundle fitted on these features, every file verified."""
    manifest, digest = verified(path)
    if manifest.fingerprint != features.fingerprint:
        raise FeatureMismatchError(fitted=manifest.fingerprint, current=features.fingerprint)
    return manifest, digest


def _write_encoder(folder: Path, light: Light) -> None:
    folder.mkdir()
    for name, content in light.files.items():
        (folder / name).write_bytes(content)


def _of_the_contract(marketplace: Marketplace) -> Marketplace:
    """Without further columns: one may appear, or change its type, with a later row."""
    frames = {
        name: getattr(marketplace, name)[[column.name for column in COLUMNS[name]]]
        for name in TABLE_NAMES
    }
    return replace(marketplace, **frames)


def _marketplace(folder: Path) -> Marketplace:
    try:
        return read_marketplace(folder)
    except InvalidMarketplaceError as error:
        raise BundleError(
            f"{folder} breaks the marketplace contract ({error}); {REMEDY}"
        ) from error


def _vectors(file: Path, *, texts: int) -> Vectors:
    """Mapped before it is read: a file that promises more than it holds is refused."""
    try:
        vectors = np.array(np.lib.format.open_memmap(file, mode="r"))
    except (ValueError, OSError) as error:
        raise BundleError(f"{file} holds no vectors ({error}); {REMEDY}") from error
    if vectors.dtype != np.float32 or vectors.ndim != 2 or len(vectors) != texts:
        raise BundleError(
            f"{file} holds {vectors.dtype} of shape {vectors.shape}, expected a float32 vector for "
            f"each of {texts} texts; {REMEDY}"
        )
    if not np.isfinite(vectors).all():
        raise BundleError(f"{file} holds a vector that is not finite; {REMEDY}")
    return vectors

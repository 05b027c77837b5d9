"""Pure, vectorised columns over pairs of a job and a freelancer."""

from features.catalog import FEATURES

__all__ = ["FEATURES"]

"""How exactly an encoder multiplies, and what this processor is quick at."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Exact = Literal["fp32", "bf16"]
Precision = Literal["auto", "fp32", "bf16"]


def resolved(precision: Precision) -> Exact:
    """What "auto" comes to: bf16 where the processor multiplies it, else fp32."""
    if precision != "auto":
        return precision
    return "bf16" if has_bf16() else "fp32"


def has_bf16() -> bool:
    """Whether the processor multiplies bfloat16."""
    listed = Path("/proc/cpuinfo")
    flags = listed.read_text(errors="replace").split() if listed.exists() else ()
    return bool({"avx512_bf16", "amx_bf16"}.intersection(flags))

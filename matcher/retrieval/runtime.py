"""OpenVINO, imported here alone, and without what it tells its makers.

On import it would report itself to Google Analytics, from a process it forks, and leave
a client number in the user's home. It does neither where its package for that is absent,
and here it is never found. An import by somebody else, before ours, is theirs.
"""

from __future__ import annotations

import sys

TELEMETRY = "openvino_telemetry"

_lent = TELEMETRY not in sys.modules
if _lent:
    sys.modules[TELEMETRY] = None  # type: ignore[assignment]  # what the import system calls absent
try:
    from openvino import Core, InferRequest, Model, Node, opset13, save_model
finally:
    if _lent:
        del sys.modules[TELEMETRY]

__all__ = ["Core", "InferRequest", "Model", "Node", "opset13", "save_model"]

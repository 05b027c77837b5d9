"""Which scope a request needs: every route, in one table.

A route that is not in the table stops the service from starting, so that none is forgotten.
"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import parse_qsl

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from matcher.store.keys import SCOPES, Scope

Need = Scope | Literal["nothing"]

SESSION = "/v1/session"
FREELANCER = "/v1/freelancers/{freelancer_id:path}"
JOB = "/v1/jobs/{job_id:path}"
ROUTES: dict[tuple[str, str], Need] = {
    ("GET", "/healthz"): "nothing",
    ("GET", "/readyz"): "nothing",
    ("GET", "/"): "nothing",
    ("GET", "/console/{path:path}"): "nothing",
    ("GET", SESSION): "nothing",
    ("POST", SESSION): "nothing",
    ("DELETE", SESSION): "nothing",
    ("GET", "/metrics"): "read",
    ("GET", "/openapi.json"): "read",
    ("POST", "/v1/matches"): "read",
    ("POST", f"{FREELANCER}/jobs"): "read",
    ("POST", "/v1/rerank"): "read",
    ("POST", "/v1/briefs"): "read",
    ("GET", "/v1/model"): "read",
    ("GET", "/v1/model/report"): "read",
    ("POST", "/v1/model/reload"): "admin",
    ("GET", "/v1/decisions"): "read",
    ("GET", "/v1/decisions/{decision_id}"): "read",
    ("POST", "/v1/decisions/{decision_id}/override"): "write",
    ("GET", FREELANCER): "read",
    ("PUT", FREELANCER): "write",
    ("DELETE", FREELANCER): "write",
    ("GET", JOB): "read",
    ("PUT", JOB): "write",
    ("DELETE", JOB): "write",
    ("GET", "/v1/events"): "read",
    ("POST", "/v1/events"): "write",
}
_ORDER: tuple[Need, ...] = ("nothing", *SCOPES)
_NO = {"0", "f", "false", "n", "no", "off"}
_PATTERNS = [(method, compile_path(path)[0], need) for (method, path), need in ROUTES.items()]


def needed(method: str, path: str, query: bytes = b"") -> Need:
    """The scope that a request needs; `read` where it finds no route, so that none can be told.

    Where a path fits several routes it is the farthest-reaching of theirs.

    >>> needed("DELETE", "/v1/jobs/j1"), needed("DELETE", "/v1/jobs/j1", b"erase=true")
    ('write', 'admin')
    """
    method = "GET" if method == "HEAD" else method
    fitting = [
        need for one, pattern, need in _PATTERNS if one == method and pattern.fullmatch(path)
    ]
    if method == "DELETE" and _erases(query):
        return "admin"
    return max(fitting, key=_ORDER.index, default="read")


def check_complete(app: FastAPI) -> None:
    """Make sure that the table holds every route.

    Raises:
        RuntimeError: It lacks one.
    """
    known = {(method, _shape(path)) for method, path in ROUTES}
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or {"every method"}):
            asked = "GET" if method == "HEAD" else method
            if (asked, _shape(route.path or "")) not in known:
                raise RuntimeError(
                    f"nothing says who may ask {method} {route.path}; add it to ROUTES in "
                    "serving/scopes.py"
                )


def _erases(query: bytes) -> bool:
    """Whether a query asks for more than a deletion; what cannot be understood counts as that."""
    asked = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return any(name == "erase" and value.strip().lower() not in _NO for name, value in asked)


def _shape(path: str) -> str:
    """A template, whatever its parameters are called."""
    return re.sub(r"\{[^}]*\}", "{}", path)

"""The schema that `/openapi.json` shows, with what every route may answer at the door."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from serving import cookie
from serving.errors import MEDIA_TYPE
from serving.schemas import Problem
from serving.scopes import needed

AT_THE_DOOR = {
    "401": "No key that is of use (`unauthenticated`)",
    "403": "The key does not reach as far (`forbidden`), or a page of another site asks, or may "
    "(`forbidden-origin`)",
    "408": "The body did not arrive in time (`slow-body`)",
    "421": "The service does not go by that name (`unknown-host`)",
    "503": "No answer in time (`timeout`), or the service is ending (`draining`)",
}


def describe(app: FastAPI) -> None:
    """Complete the schema of an application whose routes are all there."""
    schema = app.openapi()
    schemas = schema["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    schema["components"]["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "Needed once a key was made; `matcher keys make` makes one.",
        },
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie.NAME,
            "description": "A key by `POST /v1/session`, where no Authorization header comes; "
            "writes by it need an Origin that is the Host's, or `Sec-Fetch-Site: same-origin`.",
        },
    }
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _describe(operation, needs=needed(method.upper(), path))


def _describe(operation: dict[str, Any], *, needs: str) -> None:
    if needs != "nothing":
        operation["security"] = [{}, {"key": []}, {"cookie": []}]
        operation["description"] = f"{operation.get('description', '')}\n\nScope: {needs}."
    for status, said in AT_THE_DOOR.items():
        told = operation["responses"].get(status)
        if told is None:
            content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
            operation["responses"][status] = {"description": said, "content": content}
        elif said not in told["description"]:
            told["description"] += f"; {said[0].lower()}{said[1:]}"

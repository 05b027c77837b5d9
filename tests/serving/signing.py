"""A service that needs keys, and requests as a browser sends them: with the cookies said, alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from matcher.store.keys import Made
from matcher.store.store import Store
from tests.serving.live import a_service

OWN = {"Origin": "http://localhost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """Attributes: keys: By the one scope of each."""

    client: TestClient
    store: Store
    keys: dict[str, Made]


@contextmanager
def a_keyed_service(folder: Path) -> Iterator[Keyed]:
    url = f"sqlite:///{folder / 'm.db'}"
    with Store.open(url) as store:
        keys = {one: store.keys.make(f"Ada's {one}", scopes=[one]) for one in ("read", "write")}
        with a_service(url) as client:
            yield Keyed(client=client, store=store, keys=keys)


def ask(client: TestClient, method: str, path: str, *cookies: str, **sent: Any) -> Any:
    """An answer to a request with these `Cookie` headers and no others."""
    client.cookies.clear()
    raw = [(name.lower().encode(), text.encode()) for name, text in sent.pop("headers", {}).items()]
    headers = [*raw, *((b"cookie", one.encode()) for one in cookies)]
    return client.request(method, path, headers=headers, **sent)


def shown(made: Made) -> str:
    return f"matcher_session={made.text}"


def sign_in(client: TestClient, key: object, **headers: str) -> Any:
    return ask(client, "POST", "/v1/session", json={"key": key}, headers={**OWN, **headers})


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]

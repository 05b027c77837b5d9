"""A service whose follower takes nothing in until it is let, or fails."""

from __future__ import annotations

from threading import Event

from starlette.testclient import TestClient

from serving.building import Builder, Held
from serving.following import Follower
from tests.serving.live import a_follower


class Gated(Builder):
    """Builds nothing until it is let, or fails; and counts."""

    def __init__(self, builder: Builder) -> None:
        super().__init__(
            store=builder.store, model=builder.model, recall=builder.recall, clock=builder.clock
        )
        events = {"open": Event(), "may_build": Event()}
        events["may_build"].set()
        object.__setattr__(self, "seen", {"builds": 0, "growths": 0, "fails": 0, **events})

    def build(self, before) -> Held:
        self._pass("builds")
        assert self.seen["may_build"].wait(20)
        return super().build(before)

    def grow(self, held) -> Held:
        self._pass("growths")
        return super().grow(held)

    def _pass(self, what: str) -> None:
        self.seen[what] += 1
        assert self.seen["open"].wait(20)
        if self.seen["fails"]:
            self.seen["fails"] -= 1
            raise ZeroDivisionError("a bug")


def gated(url: str, **options: float) -> tuple[Follower, dict[str, object]]:
    follower = a_follower(url, **options)
    builder = Gated(follower._builder)
    return Follower(
        builder, follower._held, wait_s=options["wait_s"], poll_s=0.05
    ), builder.seen  # fmt: skip


def warned(client: TestClient, word: str) -> list[str]:
    answer = client.post("/v1/matches", json={"job": {"title": "go"}})
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json()["warnings"] if word in one]

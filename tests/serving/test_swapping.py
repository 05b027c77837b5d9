"""Another bundle takes over between two requests, or is refused and nothing happens."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from starlette.testclient import TestClient

from features import FEATURES
from matcher.bundle import Bundle
from matcher.errors import BundleError
from matcher.store.store import Store
from serving.adopting import Adopter
from serving.app import create_app
from serving.current import Current, Fixed
from serving.opening import follower_of
from serving.service import Served
from serving.swapping import Place, Swapper
from tests.bundles import sealed
from tests.fakes import FakeEncoder
from tests.serving.conftest import a_client, wait_until_ready
from tests.serving.live import put, until

BRIEF = {"job": {"title": "php website"}, "k": 5}


def opened(path: Path) -> tuple[Bundle, Served]:
    bundle = Bundle.open(path, features=FEATURES)
    return bundle, Served.of(bundle, encoder=FakeEncoder())


def another(source: Path, path: Path, word: str) -> Path:
    """The same bundle with another word on its card."""
    shutil.copytree(source, path)
    (path / "card.md").write_text(word, encoding="utf-8")
    sealed(path)
    return path


def put_in_place(source: Path, place: Path) -> None:
    """As a training with `--force` does: the old directory moves away, the new one in."""
    if place.exists():
        place.rename(place.with_name(f"old-{len(list(place.parent.iterdir()))}"))
    source.rename(place)


@pytest.fixture(params=["bundle alone", "over a store"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextmanager
def a_service(
    place: Place, tmp_path: Path, *, kind: str, look_s: float = 0.02
) -> Iterator[TestClient]:
    bundle, served = opened(place.bundle())
    current: Current = Fixed(served)
    if kind == "over a store":
        current = follower_of(
            served,
            store=Store.open(f"sqlite:///{tmp_path / 'm.db'}"),
            model=bundle.model,
            marketplace=bundle.marketplace,
            wait_s=20.0,
            poll_s=0.05,
        )
    swapper = Swapper(place, Adopter(current, opened), look_s=look_s)
    with a_client(create_app(current, swapper=swapper)) as client:
        wait_until_ready(client)
        yield client


def digest(client: TestClient) -> str:
    return str(client.get("/v1/model").json()["digest"])


def digest_of(path: Path) -> str:
    return Bundle.open(path, features=FEATURES).digest


def test_a_bundle_that_takes_another_s_place_answers_from_then_on(small_bundle, tmp_path, kind):
    place = tmp_path / "place"
    shutil.copytree(small_bundle, place)
    second = another(small_bundle, tmp_path / "second", "second")
    expected = digest_of(second)
    with a_service(Place(place), tmp_path, kind=kind) as client:
        first = digest(client)
        put_in_place(second, place)
        until(lambda: digest(client) == expected)
        answer = client.post("/v1/matches", json=BRIEF).json()
        metrics = client.get("/metrics").text
    assert answer["model"]["digest"] == expected != first
    assert len(answer["matches"]) == 5
    assert 'matcher_bundle_swaps_total{outcome="swapped"} 1.0' in metrics
    assert f'digest="{expected}",name="matcher"' in metrics
    assert [line[-3:] for line in metrics.splitlines() if f'digest="{first}"' in line] == ["0.0"]


def test_a_file_may_say_where_the_bundle_lies(small_bundle, tmp_path, kind):
    second = another(small_bundle, tmp_path / "second", "second")
    pointer = tmp_path / "pointer"
    pointer.write_text(f"{small_bundle}\n", encoding="utf-8")
    with a_service(Place(pointer), tmp_path, kind=kind) as client:
        pointer.write_text(str(second), encoding="utf-8")
        until(lambda: digest(client) == digest_of(second))


def test_it_may_be_asked_to_look(small_bundle, tmp_path, kind):
    place = tmp_path / "place"
    shutil.copytree(small_bundle, place)
    second = another(small_bundle, tmp_path / "second", "second")
    expected = digest_of(second)
    with a_service(Place(place), tmp_path, kind=kind, look_s=1000.0) as client:
        assert client.post("/v1/model/reload").json()["outcome"] == "unchanged"
        put_in_place(second, place)
        answer = client.post("/v1/model/reload")
        assert (answer.status_code, answer.json()["outcome"]) == (200, "swapped")
        assert answer.json()["model"]["digest"] == expected == digest(client)
        assert client.post("/v1/model/reload").json()["outcome"] == "unchanged"


def test_a_damaged_bundle_is_refused_and_the_old_one_goes_on(small_bundle, tmp_path, kind):
    place = tmp_path / "place"
    shutil.copytree(small_bundle, place)
    damaged = another(small_bundle, tmp_path / "damaged", "damaged")
    (damaged / "learned.json").write_text("{}", encoding="utf-8")
    with a_service(Place(place), tmp_path, kind=kind) as client:
        first = digest(client)
        put_in_place(damaged, place)
        refused = 'matcher_bundle_swaps_total{outcome="refused"} 1.0'
        until(lambda: refused in client.get("/metrics").text)
        answer = client.post("/v1/model/reload")
        assert (answer.status_code, answer.json()["code"]) == (503, "bundle-refused")
        assert digest(client) == first
        assert client.post("/v1/matches", json=BRIEF).status_code == 200
        assert client.get("/readyz").status_code == 200
        put_in_place(another(small_bundle, tmp_path / "sound", "sound"), place)
        until(lambda: digest(client) != first)


@pytest.mark.parametrize("left", ["nothing", "an empty directory", "a file of no use"])
def test_where_no_bundle_is_left_the_old_one_goes_on(small_bundle, tmp_path, left):
    place = tmp_path / "place"
    shutil.copytree(small_bundle, place)
    with a_service(Place(place), tmp_path, kind="bundle alone") as client:
        first = digest(client)
        shutil.rmtree(place)
        if left == "an empty directory":
            place.mkdir()
        if left == "a file of no use":
            place.write_bytes(b"\xff\xfe")
        assert client.post("/v1/model/reload").json()["code"] == "bundle-refused"
        assert digest(client) == first


def test_a_bundle_of_another_name_is_refused(small_bundle, tmp_path):
    place = tmp_path / "place"
    shutil.copytree(small_bundle, place)
    with a_service(Place(place), tmp_path, kind="bundle alone", look_s=1000.0) as client:
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        (place / "manifest.json").write_text(json.dumps({**manifest, "name": "other"}))
        answer = client.post("/v1/model/reload")
        assert (answer.status_code, answer.json()["code"]) == (503, "bundle-refused")


def test_what_is_written_during_a_swap_is_on_the_lists_after_it(small_bundle, tmp_path):
    """Also what comes while the new bundle is opened, which is held up here."""
    place = tmp_path / "place"
    shutil.copytree(small_bundle, place)
    second = another(small_bundle, tmp_path / "second", "second")
    expected, may_open, opens = digest_of(second), Event(), Event()
    bundle, served = opened(place)
    follower = follower_of(
        served,
        store=Store.open(f"sqlite:///{tmp_path / 'm.db'}"),
        model=bundle.model,
        marketplace=bundle.marketplace,
        wait_s=20.0,
        poll_s=0.05,
    )

    def slowly(path: Path) -> tuple[Bundle, Served]:
        opens.set()
        assert may_open.wait(20)
        return opened(path)

    swapper = Swapper(Place(place), Adopter(follower, slowly), look_s=0.02)
    with a_client(create_app(follower, swapper=swapper)) as client:
        wait_until_ready(client)
        put_in_place(second, place)
        assert opens.wait(20)
        put(client, "freelancers/meanwhile", title="php website")
        assert "meanwhile" in who(client)
        may_open.set()
        until(lambda: digest(client) == expected)
        assert "meanwhile" in who(client)
        put(client, "freelancers/after", title="php website")
        assert {"meanwhile", "after"} <= who(client)


def who(client: TestClient) -> set[str]:
    request = {"job": {"title": "php website"}, "k": 200}
    return {
        one["freelancer_id"] for one in client.post("/v1/matches", json=request).json()["matches"]
    }


def test_twenty_swaps_under_load_fail_nobody_and_mix_nothing(small_bundle, tmp_path):
    """Each answer is of one bundle from beginning to end: those of one bundle are all alike."""
    place, swaps = tmp_path / "place", 20
    shutil.copytree(small_bundle, place)
    pair = [another(small_bundle, tmp_path / word, word) for word in ("even", "odd")]
    learned = json.loads((pair[1] / "learned.json").read_text(encoding="utf-8"))
    learned["constants"] = {name: one * 1.5 for name, one in learned["constants"].items()}
    (pair[1] / "learned.json").write_text(json.dumps(learned), encoding="utf-8")
    sealed(pair[1])
    pointer, ended = tmp_path / "pointer", Event()
    pointer.write_text(str(pair[1]), encoding="utf-8")
    with a_service(Place(pointer), tmp_path, kind="bundle alone", look_s=0.01) as client:

        def asking() -> list[tuple[int, str, str]]:
            told = []
            while not ended.is_set():
                answer = client.post("/v1/matches", json={**BRIEF, "as_of": "2030-01-01T00:00:00Z"})
                content = answer.json()
                said = [{**one} for one in content["matches"]]
                told.append((answer.status_code, content["model"]["digest"], json.dumps(said)))
            return told

        with ThreadPoolExecutor(3) as clients:
            asked = [clients.submit(asking) for _ in range(3)]
            try:
                for n in range(swaps):
                    pointer.write_text(str(pair[n % 2]), encoding="utf-8")
                    until(lambda n=n: digest(client) == digest_of(pair[n % 2]))
            finally:
                ended.set()
        answers = [one for each in asked for one in each.result()]
        swapped = client.get("/metrics").text
    assert {status for status, *_ in answers} == {200}
    assert len({bundle for _, bundle, _ in answers}) == 2
    assert len({told for *_, told in answers}) == len({one[1:] for one in answers}) == 2
    assert f'matcher_bundle_swaps_total{{outcome="swapped"}} {swaps}.0' in swapped


def test_a_place_that_says_nothing_is_no_bundle(tmp_path):
    (tmp_path / "pointer").write_bytes(b"\xff")
    with pytest.raises(BundleError, match="where a bundle lies"):
        Place(tmp_path / "pointer").bundle()

"""A newer service says more, and an older one less, than this client knows."""

from __future__ import annotations

import pytest

from tests.client.services import a_client, says

MODEL = {"name": "m", "version": "1", "digest": "d"}
LIST = {
    "decision_id": "d1",
    "as_of": "2024-06-01T00:00:00Z",
    "model": MODEL,
    "index": {"size": 1},
    "matches": [{"freelancer_id": "f1", "rank": 1, "score": 0.5}],
}


def test_what_a_newer_service_says_is_kept():
    seat = {**LIST["matches"][0], "badge": "new", "factors": {"p_stay": 0.9}}
    client, _ = a_client(says(content={**LIST, "matches": [seat], "language": {"of": "job"}}))
    found = client.match({"title": "x"})
    assert found.model_extra == {"language": {"of": "job"}}
    assert found.matches[0].model_extra == {"badge": "new"}
    assert found.matches[0].factors.model_extra == {"p_stay": 0.9}


def test_what_an_older_service_does_not_say_is_unknown():
    client, _ = a_client(says(content=LIST))
    (seat,) = client.match(job_id="j").matches
    assert (seat.p_hire, seat.factors.quality, seat.reasons, seat.propensity) == (None, None, (), 1)


def test_words_that_are_new_are_taken_as_they_are():
    client, _ = a_client(
        says(content={"outcome": "merged", "version": "2"}),
        says(content={"refused": 0, "verdicts": [{"event_id": "e", "status": "postponed"}]}),
    )
    assert client.put_job("j", {"title": "x"}).outcome == "merged"
    assert client.add_events([{"event_id": "e"}]).verdicts[0].status == "postponed"


def test_a_column_that_is_new_survives_being_read_and_written_back():
    record = {"job_id": "j", "posted_at": "2024-06-01T00:00:00Z", "title": "x", "mood": "good"}
    client, service = a_client(
        says(content=record, ETag='"7"'), says(content={"outcome": "unchanged", "version": "7"})
    )
    found = client.job("j")
    client.put_job("j", found.columns(), if_match=found.version)
    sent = service.requests[1]
    assert sent.headers["if-match"] == '"7"'
    assert sent.content == (
        b'{"title":"x","job_id":"j","posted_at":"2024-06-01T00:00:00Z","mood":"good"}'
    )


def test_a_decision_and_what_a_person_made_of_it():
    said = {"at": "2024-06-02T00:00:00Z", "by": "ada", "reason": "knows us", "order": ["f2", "f1"]}
    shown = [{"id": "f1", "position": 1}, {"id": "f2", "position": 2}]
    decision = {"decision_id": "d1", "at": said["at"], "as_of": said["at"], "shown": shown}
    client, service = a_client(
        says(201, said), says(content={**decision, "overrides": [said], "vector": [0.1]})
    )
    assert client.override("d1", ("f2", "f1"), by="ada", reason="knows us").order == ("f2", "f1")
    found = client.decision("d1")
    assert [one.id for one in found.shown] == ["f1", "f2"]
    assert found.overrides[0].reason == "knows us"
    paths = [one.url.path for one in service.requests]
    assert paths == ["/v1/decisions/d1/override", "/v1/decisions/d1"]
    assert service.requests[0].content == b'{"order":["f2","f1"],"by":"ada","reason":"knows us"}'


def test_an_answer_cannot_be_changed():
    client, _ = a_client(says(content=MODEL))
    with pytest.raises(ValueError, match="frozen"):
        client.model().name = "other"

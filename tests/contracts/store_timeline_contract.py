"""What a store promises of events that are asked for, on every database.

Inherit, and give a fixture `url`: the address of an empty database.
"""

from __future__ import annotations

from matcher.domain import instant_of
from matcher.store.store import Store
from matcher.store.timeline import Wanted, listed
from tests.contracts.store_contract import FIRST, Clock, a_hire, filled


class TimelineContract:
    def test_ids_of_one_instant_follow_each_other_by_code_point_across_pages(self, url: str):
        ids = ["B", "a", "Ä", "e1", "z:1", "é", "😀", "\uffff"]
        with Store.open(url, clock=Clock()) as store:
            filled(store)
            store.add_events([a_hire(id_) for id_ in ids if id_ != "e1"])
            found, after = [], None
            while page := _page(store, job_id="j1", after=after, limit=3):
                found += [one["event_id"] for one in page]
                after = instant_of(page[-1]["at"]), found[-1]
        assert found == sorted(ids)

    def test_who_is_being_erased_is_in_none_before_the_rows_are_gone(self, url: str):
        with Store.open(url, clock=Clock()) as store:
            filled(store)
            assert len(_page(store, freelancer_id="f1")) == 1
            store.erasures.ask("f1")
            assert store.marketplace().events["event_id"].tolist() == ["e1"]
            assert _page(store, freelancer_id="f1") == _page(store, job_id="j1") == []

    def test_an_event_comes_back_as_it_was_sent(self, url: str):
        with Store.open(url, clock=Clock()) as store:
            filled(store)
            store.add_events([a_hire("e2", at=FIRST, value=1.5, note="a column of one's own")])
            [found] = [one for one in _page(store, job_id="j1") if one["event_id"] == "e2"]
        assert (found["at"], found["value"], found["position"]) == (FIRST, 1.5, None)
        assert "note" not in found


def _page(store: Store, **wanted) -> list[dict]:
    with store.database.reading() as connection:
        return listed(connection, Wanted(**wanted))

"""What the verdict over a chaos says of each fault: it must not let one pass."""

from collections import Counter
from types import SimpleNamespace

import pytest

from workbench import chaos_verdict, idle
from workbench.chaos_ledger import Ledger
from workbench.chaos_report import Report
from workbench.chaos_verdict import Verdict

NOTHING = {chaos_verdict.COUNTED: [(0,)]}
"""What a database answers in which nothing has happened."""


class NoOdoo:
    """A server without records."""

    def call(self, _model, method, *_arguments, **_more):
        """Answer what the comparison of both sides asks."""
        if method == "fields_get":
            return {"skip_reason": {"selection": []}}
        return []


@pytest.fixture
def judged(simulator):
    """A function that returns the findings about a database with these rows and an
    account whose state and log were changed so."""

    def findings(rows=(), state=(), log=()):
        rows = NOTHING | dict(rows)
        account = SimpleNamespace(
            server=NoOdoo(),
            sql=lambda query, _values=None: rows.get(query, []),
            differences=lambda: [],
        )
        stage = SimpleNamespace(account=account, simulator=simulator)
        verdict = Verdict(stage, Ledger(), Counter())
        verdict.state |= dict(state)
        verdict.log |= dict(log)
        return verdict.findings()

    return findings


def test_nothing_is_found_where_nothing_is_wrong(judged):
    found = judged()
    assert [*found] == ["lost", "duplicated", "over a limit", "stuck"]
    assert not any(found.values())


def test_two_deals_of_one_order(judged):
    deals = {
        id_: {"title": title, "status": 0, "stage": 1, "value": 1}
        for id_, title in (("1", "S0001"), ("2", "S0002"), ("3", "S0001"))
    }
    assert judged(state={"deals": deals})["duplicated"] == ["2 times deal S0001"]


def test_two_links_of_one_contact(judged):
    row = ("contact", "1", "7")
    found = judged(rows={idle.TWICE_BOUND: [row]})
    assert found["duplicated"] == [f"two links: {row}"]


def test_a_sixth_request_in_a_second(judged):
    assert judged(log={"max_per_second_seen": 5})["over a limit"] == []
    found = judged(log={"max_per_second_seen": 6})
    assert found["over a limit"] == ["6 requests in a second"]


def test_a_refusal_that_is_no_fault(judged):
    entry = {"method": "GET", "path": "/api/3/contacts", "t": 1.0}
    entries = [
        {**entry, "status": 429, "fault": "status"},
        {**entry, "status": 429, "fault": None},
        {**entry, "status": 500, "fault": None},
    ]
    found = judged(log={"entries": entries})
    assert found["over a limit"] == ["1 requests refused by the limit"]


def test_more_imports_than_a_minute_may_have(judged):
    entry = {"method": "POST", "path": "/api/3/import/bulk_import", "fault": None}
    entries = [{**entry, "status": 200, "t": 0.5 * n} for n in range(101)]
    assert judged(log={"entries": entries[1:]})["over a limit"] == []
    found = judged(log={"entries": entries})
    assert found["over a limit"] == ["101 imports in a minute"]


def test_what_was_given_up(judged):
    row = ("link", "contact", "No.")
    assert judged(rows={chaos_verdict.DEAD: [row]})["stuck"] == [f"dead: {row}"]


def test_what_waits_for_ever(judged):
    row = ("link", "contact", "pending", 0, None, None, None, 1)
    rows = {chaos_verdict.WAITING: [row], chaos_verdict.JOBS: [(1,)]}
    assert judged(rows=rows)["stuck"] == [f"waits: {row}", "a job waits or runs"]


def test_a_click_that_was_noted_twice(judged):
    clicks = {chaos_verdict.CLICKS: [("u", 1)], chaos_verdict.COUNTED: [(2,)]}
    found = judged(rows={**clicks, chaos_verdict.NOTES: [("u", 2)]})
    assert found["duplicated"] == ["2 notes u", "2 clicks counted, 1 heard"]


def test_a_report_is_good_when_nothing_is_wrong_and_everything_was_tried():
    none = {"lost": [], "stuck": []}
    assert Report(none).is_good
    one = Report({**none, "lost": ["the phone of 7"]})
    idle = Report(none, idle=["troubles: a node dies"])
    assert not one.is_good and not idle.is_good
    assert "lost: the phone of 7" in one.text
    assert "never happened: troubles: a node dies" in idle.text

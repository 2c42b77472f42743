"""What chaos demands in the end, and how often it makes requests go wrong."""

import random

import pytest

from simulator.faults import KINDS, Faults
from workbench.chaos_ledger import Ledger
from workbench.chaos_people import BOTH, DONE, ODOO, THERE, UNCERTAIN, Busy, Person
from workbench.chaos_troubles import SHARE, faults


def save(ledger, place, value, breaks=False):
    try:
        with ledger.promise([place], value):
            if breaks:
                raise ConnectionError
    except ConnectionError:
        pass


PHONE = ("phone", 7)


def test_what_was_confirmed_must_be_there():
    ledger = Ledger()
    save(ledger, PHONE, "1")
    save(ledger, PHONE, "2")
    assert ledger.broken("phone", {7: "2"}, "Odoo") == []
    assert ledger.broken("phone", {7: "1"}, "Odoo") == [
        "phone of 7: '1' in Odoo, not '2'"
    ]
    assert len(ledger.broken("phone", {}, "Odoo")) == 1
    assert ledger.broken("name", {7: "1"}, "Odoo") == []


def test_what_broke_off_may_be_there_or_not():
    ledger = Ledger()
    save(ledger, PHONE, "1")
    save(ledger, PHONE, "2", breaks=True)
    for value in ("1", "2"):
        assert ledger.broken("phone", {7: value}, "Odoo") == []
    assert len(ledger.broken("phone", {7: "0"}, "Odoo")) == 1
    save(ledger, PHONE, "3")
    assert len(ledger.broken("phone", {7: "2"}, "Odoo")) == 1


def test_nobody_knows_what_was_there_before():
    ledger = Ledger()
    save(ledger, PHONE, "1", breaks=True)
    assert ledger.broken("phone", {7: "anything"}, "Odoo") == []


def test_every_value_has_one_writer():
    people = [Person(n, n, f"p{n}@example.com", str(n)) for n in range(1, 41)]
    for unit in ("name", "phone"):
        owners = {person.owner(unit) for person in people}
        assert owners - {BOTH} == {ODOO, THERE}
    assert any(p.owner("phone") == BOTH for p in people)
    for share in (people[:10], people[10:20]):
        for unit in ("name", "phone", "email"):
            assert any(p.owner(unit) == ODOO for p in share)


def test_every_fifth_request_goes_wrong_in_all_ways_alike():
    rules, chance = Faults(), random.Random(1)
    rules.add(faults())
    picked = [rules.pick("GET", "/api/3/contacts", chance) for _ in range(20_000)]
    hit = [rule for rule in picked if rule]
    assert abs(len(hit) / len(picked) - SHARE) < 0.01
    assert {rule.kind for rule in hit} == {*KINDS}
    counts = [sum(rule is each for rule in hit) for each in rules.rules]
    assert min(counts) > 0.8 * max(counts)


class Clerk(Busy):
    pause = 0

    def __init__(self, seed):
        super().__init__("clerk", seed)
        self.order = []

    def deeds(self):
        return {name: lambda name=name: self._note(name) for name in "abc"}

    def _note(self, name):
        self.order.append(name)
        if len(self.order) > 30:
            raise KeyboardInterrupt
        if name == "c":
            raise ConnectionError


def test_a_seed_is_always_the_same_story():
    stories = []
    for seed in (1, 1, 2):
        clerk = Clerk(seed)
        with pytest.raises(KeyboardInterrupt):
            clerk.work(float("inf"))
        stories.append("".join(clerk.order))
        assert clerk.tally["a", DONE] == clerk.tally["c", UNCERTAIN] == 10
    assert stories[0] == stories[1] != stories[2]
    turns = [story[at : at + 3] for story in stories for at in range(0, 30, 3)]
    assert {"".join(sorted(turn)) for turn in turns} == {"abc"}

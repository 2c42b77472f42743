# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The last common state of a value: who has changed it since."""

import pytest

from mapping import agreement
from mapping.agreement import BOTH, NOBODY, OURS, THEIRS

TOLD = agreement.mark("1")


@pytest.mark.parametrize(
    ("state", "ours", "theirs", "who"),
    [
        (TOLD, "1", "1", NOBODY),
        (TOLD, "2", "1", OURS),
        (TOLD, "1", "2", THEIRS),
        (TOLD, "2", "3", BOTH),
        (TOLD, "2", "2", NOBODY),
        (TOLD, "", "1", OURS),
        (None, "1", "1", NOBODY),
        (None, "1", "", OURS),
        (None, "", "1", THEIRS),
        (None, "1", "2", BOTH),
    ],
)
def test_who_has_changed_a_value(state, ours, theirs, who):
    assert agreement.changed(state, ours, theirs) == who


def test_two_spellings_of_one_thing_are_an_agreement():
    state = agreement.agreed("Germany", "DE")
    assert agreement.changed(state, "Germany", "DE") == NOBODY
    assert agreement.changed(state, "France", "DE") == OURS
    assert agreement.changed(state, "Germany", "FR") == THEIRS
    assert agreement.is_told(state, "Germany") and agreement.is_heard(state, "DE")
    assert not agreement.is_told(None, "") and not agreement.is_heard(None, "")


def test_a_state_holds_no_value():
    assert "ada" not in agreement.agreed("ada@example.com", "ada@example.org")


def test_units_of_both_sides_compare():
    payload = {
        "firstName": "Ada",
        "lastName": "King Noel",
        "email": "ada@example.com",
        "phone": "1",
        "fields": {"7": "x"},
    }
    theirs = {
        "firstName": "Ada  King",
        "lastName": "Noel ",
        "email": "ADA@example.com",
        "phone": "1",
        "fields": {"7": "x"},
    }
    assert agreement.units(payload) == agreement.units(theirs)
    assert agreement.units({"firstName": None}) == {
        "name": "",
        "email": "",
        "phone": "",
    }


def test_keys_of_a_unit():
    assert agreement.keys_of("name") == ("firstName", "lastName")
    assert agreement.keys_of("7") == ("7",)


@pytest.mark.parametrize("state", [TOLD, agreement.agreed("2", "1")])
def test_what_is_to_be_told_again_stays_heard(state):
    again = agreement.untold(state)
    assert agreement.changed(again, "2", "1") == OURS
    assert agreement.changed(again, "2", "3") == BOTH


def test_what_a_person_has_decided_against_is_heard():
    assert agreement.changed(agreement.untold(TOLD, "3"), "2", "3") == OURS
    assert agreement.changed(agreement.untold(None, "3"), "2", "3") == OURS

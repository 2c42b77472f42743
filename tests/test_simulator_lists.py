"""Lists of the simulator whose order or pages are not what a client hopes for."""

import pytest

pytest_plugins = ["simulator.fixtures"]


@pytest.fixture
def many(api, control):
    """An account with 150 contacts and 30 deals of the same second."""
    control.seed(contacts=150, deals=30)
    return api


def ids(answer, plural="contacts"):
    return [int(record["id"]) for record in answer[plural]]


def by_id(api, last):
    query = {"orders[id]": "ASC", "id_greater": last, "limit": 100}
    return api.get("/contacts", **query)


def test_an_unstable_account_still_has_its_pages_of_ids(many, control):
    control.options(listing_order="unstable")
    first = ids(by_id(many, 0))
    assert first != sorted(first)
    assert sorted(first) == [*range(1, 101)]
    assert sorted(ids(by_id(many, 100))) == [*range(101, 151)]


def test_equal_deals_change_places_between_two_requests(many, control):
    control.options(listing_order="unstable")
    query = {"orders[cdate]": "ASC", "limit": 10}
    pages = [{*ids(many.get("/deals", **query), "deals")} for _ in range(5)]
    assert len({frozenset(page) for page in pages}) > 1


def test_an_account_that_does_not_look_at_pages(many, control):
    control.options(listing_pages=False)
    assert ids(by_id(many, 100)) == ids(by_id(many, 0))
    assert ids(many.get("/deals", offset=20), "deals") == ids(
        many.get("/deals"), "deals"
    )


def test_activities_refer_to_their_campaign(many, control):
    control.act("click", contact=1, url="https://example.com/offer")
    query = {"contact": 1, "include": "reference.campaign"}
    answer = many.get("/activities", **query)
    (activity,) = [a for a in answer["activities"] if a["reference_action"] == "click"]
    (log,) = answer["logs"]
    assert log["id"] == activity["reference"]["id"]
    assert log["link"] == "https://example.com/offer"
    assert [c["id"] for c in answer["campaigns"]] == [log["campaign"]]
    control.options(activity_campaigns=False)
    assert "campaigns" not in many.get("/activities", **query)

"""Accounts, deals, custom field values, notes and pipelines of the simulator."""

import pytest

pytest_plugins = ["simulator.fixtures"]

DEAL = {
    "title": "Deal",
    "contact": "1",
    "value": 45600,
    "currency": "eur",
    "group": "1",
}


@pytest.fixture
def shop(api):
    """An account with one contact and one company."""
    api.new_contact("ada@example.com")
    api.post("/accounts", {"account": {"name": "Example Ltd"}})
    return api


def first_error(answer):
    assert answer.status_code == 422
    return answer.json()["errors"][0]


# -------------------------------------------------------------------------- accounts


def test_an_account_name_is_unique_whatever_the_case(shop, control):
    error = first_error(shop.post("/accounts", {"account": {"name": "example ltd"}}))
    assert (error["code"], error["source"]["pointer"]) == (
        "duplicate",
        "/data/attributes/name",
    )
    assert (
        first_error(shop.post("/accounts", {"account": {}}))["code"] == "field_missing"
    )
    assert control.state()["counts"]["accounts"] == 1


def test_a_contact_has_one_account(shop, control):
    shop.post("/accounts", {"account": {"name": "Second Ltd"}})
    link = {"accountContact": {"account": 1, "contact": 1, "jobTitle": "CEO"}}
    made = shop.post("/accountContacts", link)
    assert made.status_code == 201
    other = {"accountContact": {"account": 2, "contact": 1}}
    error = first_error(shop.post("/accountContacts", other))
    assert error["code"] == "field_invalid"
    assert error["source"]["pointer"] == "/data/attributes/account,contact"
    assert control.state()["contacts"]["1"]["account"] == "Example Ltd"
    shop.delete(f"/accountContacts/{made.json()['accountContact']['id']}")
    assert shop.post("/accountContacts", other).status_code == 201
    assert control.state()["contacts"]["1"]["account"] == "Second Ltd"


def test_accounts_are_searched_and_counted(shop):
    shop.post("/accounts", {"account": {"name": "Other"}})
    shop.post("/accountContacts", {"accountContact": {"account": 1, "contact": 1}})
    shop.post("/deals", {"deal": DEAL | {"account": 1}})
    found = shop.get("/accounts", search="example", count_deals="true")
    row = found["accounts"][0]
    assert (found["meta"]["total"], row["contactCount"], row["dealCount"]) == (
        "1",
        "1",
        "1",
    )


def test_a_deleted_account_frees_its_contacts(shop, control):
    shop.post("/accountContacts", {"accountContact": {"account": 1, "contact": 1}})
    assert shop.delete("/accounts/bulk_delete", **{"ids[]": 1}).ok
    state = control.state()
    assert (state["accounts"], state["accountContacts"]) == ({}, {})
    assert state["contacts"]["1"]["account"] is None


# ----------------------------------------------------------------------------- deals


def test_a_deal_is_cents_and_strings(shop, control):
    answer = shop.post("/deals", {"deal": DEAL | {"account": 1, "status": 0}})
    assert answer.status_code == 201
    shown = shop.get("/deals/1")["deal"]
    assert (shown["value"], shown["status"], shown["currency"]) == ("45600", "0", "eur")
    assert (shown["account"], shown["customerAccount"], shown["stage"]) == (
        "1",
        "1",
        "1",
    )
    total = shop.get("/deals")["meta"]
    assert total["total"] == 1
    assert total["currencies"]["EUR"] == {
        "currency": "EUR",
        "total": "1",
        "value": "45600",
    }


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"contact": None},
        {"value": 45.6},
        {"value": -1},
        {"currency": "euro"},
        {"group": None},
    ],
)
def test_a_deal_lacks_nothing(shop, control, values):
    assert shop.post("/deals", {"deal": DEAL | values}).status_code == 400
    assert control.state()["deals"] == {}


def test_the_owner_is_needed_where_the_pipeline_assigns_none(shop):
    pipeline = {"title": "Strict", "currency": "eur", "autoassign": 0}
    key = shop.post("/dealGroups", {"dealGroup": pipeline}).json()["dealGroup"]["id"]
    assert shop.post("/deals", {"deal": DEAL | {"group": key}}).status_code == 400
    assert shop.post("/deals", {"deal": DEAL | {"group": key, "owner": "1"}}).ok


def test_two_same_deals_are_two_deals(shop, control):
    shop.post("/deals", {"deal": DEAL})
    shop.post("/deals", {"deal": DEAL})
    assert control.state()["counts"]["deals"] == 2


def test_a_new_stage_brings_its_pipeline(shop):
    pipeline = {"title": "Second", "currency": "eur"}
    made = shop.post("/dealGroups", {"dealGroup": pipeline}).json()
    assert [s["title"] for s in made["dealStages"]] == [
        "To Contact",
        "In Contact",
        "Follow Up",
    ]
    shop.post("/deals", {"deal": DEAL})
    shop.put("/deals/1", {"deal": {"stage": made["dealStages"][2]["id"], "status": 1}})
    shown = shop.get("/deals/1")["deal"]
    assert (shown["group"], shown["status"]) == (made["dealGroup"]["id"], "1")


@pytest.mark.parametrize(
    "query, expected",
    [
        ({"filters[minimum_value]": "100"}, ["big"]),
        ({"filters[maximum_value]": "100"}, ["small"]),
        ({"filters[status]": "1"}, ["big"]),
        ({"filters[search]": "ADA"}, ["small", "big"]),
        ({"filters[search]": "ada", "filters[search_field]": "title"}, []),
        ({"filters[title]": "sma"}, ["small"]),
        ({"filters[tag]": "-1"}, []),
        ({"filters[created_after]": "2100-01-01"}, []),
        ({"orders[value]": "DESC"}, ["big", "small"]),
    ],
)
def test_filters_of_deals(shop, query, expected):
    shop.post("/deals", {"deal": DEAL | {"title": "small", "value": 100}})
    shop.post("/deals", {"deal": DEAL | {"title": "big", "value": 100000, "status": 1}})
    assert [deal["title"] for deal in shop.get("/deals", **query)["deals"]] == expected


def test_the_bulk_update_of_deals_is_for_owners(shop):
    shop.post("/users", {"user": {"username": "second", "email": "second@example.com"}})
    for _ in range(2):
        shop.post("/deals", {"deal": DEAL})
    rows = [{"id": 1, "ownerId": 2}, {"id": 2, "ownerId": 1}, {"id": 9, "ownerId": 1}]
    outcome = shop.call("PATCH", "/deals/bulkUpdate", {"deals": rows}).json()
    assert outcome == {"success": ["1"], "nochange": ["2"], "failed": ["9"]}
    assert shop.get("/deals/1")["deal"]["owner"] == "2"


def test_whether_a_deal_takes_a_date_is_an_option(shop, control):
    body = {"deal": DEAL | {"cdate": "2020-01-01T00:00:00-05:00"}}
    shop.post("/deals", body)
    control.options(deal_cdate_accepted=True)
    shop.post("/deals", body)
    dates = [deal["cdate"][:4] == "2020" for deal in control.state()["deals"].values()]
    assert dates == [False, True]


def test_a_further_contact_is_added_once(shop):
    shop.post("/deals", {"deal": DEAL})
    shop.new_contact("bob@example.com")
    body = {"contactDeal": {"contact": 2, "deal": 1}}
    assert shop.post("/contactDeals", body).status_code == 200
    assert first_error(shop.post("/contactDeals", body))["code"] == "field_invalid"


def test_notes_of_deals_accounts_and_contacts(shop, control):
    shop.post("/deals", {"deal": DEAL})
    for path in ("/deals/1/notes", "/accounts/1/notes"):
        assert shop.post(path, {"note": {"note": "Text"}}).status_code == 201
    note = {"note": "Text", "relid": 1, "reltype": "Subscriber"}
    assert shop.post("/notes", {"note": note}).status_code == 201
    kinds = [note["reltype"] for note in control.state()["notes"].values()]
    assert kinds == ["Deal", "CustomerAccount", "Subscriber"]
    assert shop.get("/deals/1/notes")["notes"][0]["note"] == "Text"


# -------------------------------------------------------------------- custom fields


def new_field(api, owner, kind, **more):
    values = {"fieldLabel": kind, "fieldType": kind} | more
    body = {f"{owner}CustomFieldMetum": values}
    return api.post(f"/{owner}CustomFieldMeta", body).json()[
        f"{owner}CustomFieldMetum"
    ]["id"]


@pytest.mark.parametrize(
    "kind, good, bad",
    [
        ("date", "2024-02-29", "abc"),
        ("datetime", "2024-02-29T10:00:00+01:00", "tomorrow"),
        ("number", "12.5", "twelve"),
        ("currency", 1250, "12.50"),
        ("dropdown", "a", "c"),
        ("radio", "b", "c"),
        ("multiselect", ["a", "b"], ["a", "c"]),
        ("checkbox", "||a||b||", "||a||c||"),
        ("text", "anything", ["a"]),
    ],
)
def test_values_are_checked_by_type(shop, kind, good, bad):
    shop.post("/deals", {"deal": DEAL})
    field = new_field(shop, "deal", kind, fieldOptions=["a", "b"])
    body = {"dealId": 1, "customFieldId": field, "fieldValue": good}
    assert shop.post("/dealCustomFieldData", {"dealCustomFieldDatum": body}).ok
    wrong = body | {"fieldValue": bad}
    error = first_error(
        shop.post("/dealCustomFieldData", {"dealCustomFieldDatum": wrong})
    )
    assert error["detail"].endswith(f"to the custom field of type `{kind}`.")
    assert shop.get("/dealCustomFieldData")["meta"]["total"] == 1


def test_both_names_of_the_owner_are_taken(shop, control):
    field = new_field(shop, "account", "text")
    for name in ("accountId", "customerAccountId"):
        body = {name: "1", "customFieldId": field, "fieldValue": name}
        shop.post("/accountCustomFieldData", {"accountCustomFieldDatum": body})
    values = control.state()["accountCustomFieldData"].values()
    assert [value["fieldValue"] for value in values] == ["customerAccountId"]


def test_values_inside_a_deal_are_stored(shop, control):
    field = new_field(shop, "deal", "currency")
    row = {"customFieldId": field, "fieldValue": 5500, "fieldCurrency": "EUR"}
    shown = shop.post("/deals", {"deal": DEAL | {"fields": [row]}}).json()["deal"]
    assert shown["fields"] == [row | {"dealId": "1"}]
    stored = control.state()["dealCustomFieldData"]["1"]
    assert (stored["fieldValue"], stored["fieldCurrency"]) == (5500, "EUR")


def test_a_deleted_field_answers_with_a_message(shop, control):
    field = new_field(shop, "deal", "text")
    answer = shop.delete(f"/dealCustomFieldMeta/{field}")
    assert answer.json() == {"message": "DealCustomFieldMeta deleted."}
    missing = shop.call("GET", f"/dealCustomFieldMeta/{field}")
    assert missing.json() == {"errors": [{"status": 404, "title": "Not Found"}]}

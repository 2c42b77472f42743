"""The web page of the simulator: what it shows, and that it does real things."""

import pytest
import requests

pytest_plugins = ["simulator.fixtures"]


@pytest.fixture
def page(api):
    """A function that fetches a page as text, or sends a form to it."""
    host = api.base.removesuffix("/api/3")

    def fetch(path="/", **form):
        send = requests.post if form else requests.get
        answer = send(host + path, data=form or None, timeout=30)
        assert answer.ok
        return answer.text

    return fetch


def test_it_shows_what_the_account_holds(api, control, page):
    control.seed(contacts=3, accounts=1, deals=1)
    api.import_contacts({"email": "ada@example.com", "tags": ["VIP"]})
    text = page()
    for shown in (
        "person3@example.com",
        "ada@example.com",
        "VIP",
        "Company 1",
        "Deal 1",
    ):
        assert shown in text
    assert "bulk_import" in text


def test_contacts_are_searched_and_turned(control, page):
    control.seed(contacts=40)
    assert "person40@example.com" in page()
    assert "person40@example.com" not in page("/?from=15")
    assert "person7@example.com" in page("/?search=person7@")


def test_a_click_on_the_page_sends_a_webhook(api, control, page, receiver):
    api.new_contact("ada@example.com")
    api.new_webhook(receiver.url, "open", "contact_tag_added", "update", "unsubscribe")
    assert "Done: open" in page("/do/open", contact=1, back="/contacts/1")
    page("/do/tag", contact=1, tag="VIP")
    page("/do/edit", contact=1, firstName="Ada", new_email="ada@example.org")
    page("/do/subscribe", contact=1)
    page("/do/unsubscribe", contact=1)
    control.deliveries()
    assert receiver.types == ["open", "contact_tag_added", "update", "unsubscribe"]
    contact = control.state()["contacts"]["1"]
    assert (contact["email"], contact["firstName"]) == ("ada@example.org", "Ada")
    assert (contact["tags"], contact["lists"]) == (["VIP"], {"1": "2"})


def test_a_deal_is_moved_won_lost_and_reopened(api, control, page, receiver):
    control.seed(contacts=1, deals=1)
    api.new_webhook(receiver.url, "deal_update")
    assert "<td>In Contact</td>" in page("/do/deal_update", deal=1, stage=2)
    for status, word in ((1, "won"), (2, "lost"), (0, "open")):
        text = page("/do/deal_update", deal=1, status=status)
        assert f">{word}</span>" in text
    control.deliveries()
    told = [item.form for item in receiver.received]
    assert [form["deal[status]"] for form in told] == ["0", "1", "2", "0"]
    assert {form["deal[stageid]"] for form in told} == {"2"}


def test_a_deal_is_offered_the_stages_of_its_pipeline(api, control, page):
    control.seed(contacts=1, deals=1)
    api.post("/dealGroups", {"dealGroup": {"title": "Other", "currency": "usd"}})
    text = page("/do/deal_update", deal=1, stage=2)
    stages = '<option value="1">To Contact</option>'
    stages += '<option value="2" selected>In Contact</option>'
    stages += '<option value="3">Follow Up</option>'
    assert f'<select name="stage">{stages}</select>' in text


def test_custom_fields_are_edited_on_the_page_of_a_contact(api, control, page):
    control.seed(fields=2)
    api.new_contact("ada@example.com")
    page("/do/edit", **{"contact": 1, "fields[2]": "Größe", "back": "/contacts/1"})
    assert control.state()["contacts"]["1"]["fields"]["2"] == "Größe"
    assert "Größe" in page("/contacts/1")


def test_a_visitor_subscribes_by_form(control, page):
    page("/do/form", email="new@example.com", firstName="Noor")
    contact = control.state()["contacts"]["1"]
    assert (contact["firstName"], contact["lists"]) == ("Noor", {"1": "1"})


def test_what_cannot_be_done_is_said(page):
    assert "Not done" in page("/do/open", contact=9)
    assert "Not done" in page("/do/explode", contact=9)
    assert "Not done" in page("/do/deal_update", deal=9, stage=2)


def test_names_are_text_and_not_html(api, page):
    api.new_contact("ada@example.com", firstName="<script>alert(1)</script>")
    for path in ("/", "/contacts/1"):
        assert "<script>" not in page(path)


def test_neither_key_nor_token_is_shown(
    api, control, page, receiver, simulator_process
):
    api.new_contact("ada@example.com")
    api.new_webhook(f"{receiver.url}/hook?token=s3cret", "open")
    control.act("open", contact=1)
    control.deliveries()
    text = page() + page("/contacts/1")
    assert simulator_process.api_key not in text
    assert "s3cret" not in text

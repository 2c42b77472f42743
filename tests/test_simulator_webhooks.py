"""Webhooks of the simulator: form-encoded, in the background, never retried."""

from pathlib import Path

import pytest

pytest_plugins = ["simulator.fixtures"]

CAPTURED = Path(__file__).parent / "fixtures" / "webhooks"
EVERYTHING = (
    "subscribe unsubscribe update open click reply forward share bounce sent "
    "contact_tag_added contact_tag_removed subscriber_note sms_sent sms_reply sms_unsub "
    "deal_add deal_update deal_note_add deal_task_add deal_task_complete deal_stage_add "
    "deal_pipeline_add list_add contact_task_add account_add account_update "
    "account_contact_add account_contact_update"
).split()


@pytest.fixture
def hooked(api, receiver):
    """An account with one contact whose every event goes to `receiver`."""
    api.new_contact("ada@example.com", firstName="Ada")
    api.new_webhook(f"{receiver.url}/hook?token=secret", *EVERYTHING)
    return api


def test_a_delivery_is_a_form_with_bracket_keys(hooked, control, receiver):
    control.act("tag", email="ada@example.com", tag="VIP")
    control.act("tag", email="ada@example.com", tag="Tag two")
    control.deliveries()
    delivery = receiver.received[-1]
    assert delivery.path == "/hook?token=secret"
    assert delivery.headers["Content-Type"] == "application/x-www-form-urlencoded"
    form = delivery.form
    assert (form["type"], form["tag"], form["list"]) == (
        "contact_tag_added",
        "Tag two",
        "0",
    )
    assert form["contact[email]"] == "ada@example.com"
    assert form["contact[tags]"] == "VIP, Tag two"
    assert (form["initiated_from"], form["initiated_by"]) == ("admin", "admin")
    assert form["date_time"][-6:] == "-05:00"


@pytest.mark.parametrize(
    "action, values, expected",
    [
        ("open", {}, {"type": "open", "campaign[name]": "Spring news"}),
        (
            "click",
            {"url": "https://example.com/x"},
            {"link[url]": "https://example.com/x"},
        ),
        ("reply", {"message": "Hi"}, {"type": "reply", "message": "Hi"}),
        ("reply", {}, {"campaign[id]": "1", "campaign[name]": None}),
        ("forward", {"count": 2}, {"forward[count]": "2", "campaign[name]": None}),
        ("share", {"network": "x"}, {"share[network]": "x"}),
        ("bounce", {"type": "hard"}, {"bounce[type]": "hard", "bounce[code]": "5.1.1"}),
        ("subscribe", {}, {"type": "subscribe", "list": "1"}),
        ("form", {"form": 7}, {"type": "subscribe", "form[id]": "7"}),
        (
            "edit",
            {"firstName": "Eva"},
            {"type": "update", "contact[first_name]": "Eva"},
        ),
        ("note", {"note": "Call"}, {"type": "subscriber_note", "note": "Call"}),
        ("sms_reply", {"reply": "YES"}, {"type": "sms_reply", "sms[reply]": "YES"}),
        ("sent", {"recipients": 9}, {"type": "sent", "campaign[recipients]": "9"}),
    ],
)
def test_every_action_sends_its_event(
    hooked, control, receiver, action, values, expected
):
    control.act(action, email="ada@example.com", **values)
    control.deliveries()
    form = receiver.received[-1].form
    assert {key: form.get(key) for key in expected} == expected


def test_a_public_unsubscribe_names_its_list_differently(hooked, control, receiver):
    for source in ("public", "admin"):
        control.act("subscribe", email="ada@example.com")
        control.act(
            "unsubscribe", email="ada@example.com", source=source, reason="Enough"
        )
    control.deliveries()
    public, admin = (
        r.form for r in receiver.received if r.form["type"] == "unsubscribe"
    )
    assert (public["list[0][id]"], public["unsubscribe[reason]"]) == ("1", "Enough")
    assert "list" not in public
    assert admin["list"] == "1"


def test_custom_fields_go_by_their_number(hooked, control, receiver):
    control.seed(fields=1)
    control.act("edit", email="ada@example.com", fields={"1": "value"})
    control.deliveries()
    assert receiver.received[-1].form["contact[fields][1]"] == "value"


def test_deal_values_are_units_here_and_cents_in_the_api(hooked, control, receiver):
    deal = control.act("deal_add", contact=1, title="Big", value=104405500)["id"]
    control.act("deal_update", deal=deal, status=1)
    control.deliveries()
    form = receiver.received[-1].form
    assert (form["type"], form["deal[value]"]) == ("deal_update", "1,044,055.00")
    assert (form["deal[value_raw]"], form["deal[currency_symbol]"]) == ("1044055", "$")
    assert (form["updated_fields[0]"], form["updated_fields[1]"]) == ("status", "mdate")
    assert hooked.get(f"/deals/{deal}")["deal"]["value"] == "104405500"


def test_tasks_notes_and_accounts_have_their_events(hooked, control, receiver):
    deal = control.act("deal_add", contact=1, title="D", value=100)["id"]
    control.act("deal_note", deal=deal, note="Hm")
    task = control.act("task_add", deal=deal, title="Call")["id"]
    control.act("task_complete", task=task)
    control.act("task_add", contact=1, title="Call")
    hooked.post("/accounts", {"account": {"name": "Example Ltd"}})
    hooked.post("/accountContacts", {"accountContact": {"account": 1, "contact": 1}})
    control.act("account_update", account=1, name="Example Inc")
    control.deliveries()
    assert receiver.types == [
        "deal_add",
        "deal_note_add",
        "deal_task_add",
        "deal_task_complete",
        "contact_task_add",
        "account_add",
        "account_contact_add",
        "account_update",
    ]
    assert receiver.received[3].form["task[donedate]"]


@pytest.mark.parametrize(
    "name, make",
    [
        (
            "deal_add",
            lambda control: control.act("deal_add", contact=1, title="d", value=1),
        ),
        ("subscribe_list_1", lambda control: control.act("subscribe", contact=1)),
        (
            "contact_tag_added_2026",
            lambda control: control.act("tag", contact=1, tag="t"),
        ),
    ],
)
def test_the_keys_of_captured_deliveries_are_there(
    hooked, control, receiver, name, make
):
    captured = (CAPTURED / f"{name}.form").read_text()
    wanted = {
        pair.split("=")[0].replace("%5B", "[").replace("%5D", "]")
        for pair in captured.split("&")
    }
    make(control)
    control.deliveries()
    unset = {"contact[fields][39]"}
    assert wanted - set(receiver.received[-1].form) <= unset


# --------------------------------------------------------------------------- rules


def test_a_webhook_gets_only_its_events_sources_and_list(api, control, receiver):
    api.new_contact("ada@example.com")
    api.post("/lists", {"list": {"name": "Second"}})
    api.new_webhook(
        receiver.url, "subscribe", "contact_tag_added", sources=["public"], listid=1
    )
    control.act("subscribe", contact=1, list=2)
    control.act("subscribe", contact=1, list=1)
    control.act("open", contact=1)
    control.act("tag", contact=1, tag="by a user")
    control.act("tag", contact=1, tag="by the contact", source="public")
    control.deliveries()
    assert receiver.types == ["subscribe", "contact_tag_added"]
    assert receiver.received[0].form["list"] == "1"


def test_the_api_is_a_source_too(hooked, control, receiver):
    hooked.new_contact("ada@example.com", firstName="Eva")
    hooked.new_contact("new@example.com")
    hooked.new_contact("new@example.com")
    control.deliveries()
    assert receiver.types == ["update", "subscribe"]
    assert {r.form["initiated_from"] for r in receiver.received} == {"api"}


def test_a_410_deactivates_and_the_api_does_not_show_it(hooked, control, receiver):
    receiver.status = 410
    control.act("open", contact=1)
    control.act("open", contact=1)
    control.deliveries()
    assert len(receiver.received) == 1
    assert control.state()["webhooks"]["1"]["active"] is False
    assert "active" not in hooked.get("/webhooks/1")["webhook"]
    hooked.put("/webhooks/1", {"webhook": {"name": "again"}})
    control.act("open", contact=1)
    assert len(control.deliveries()) == 1


def test_a_failed_delivery_is_never_tried_again(hooked, control, receiver):
    receiver.status = 500
    control.act("open", contact=1)
    attempts = control.deliveries()
    assert [(a["status"], a["type"]) for a in attempts] == [(500, "open")]
    control.act("click", contact=1)
    control.deliveries()
    assert receiver.types == ["open", "click"]


def test_attempts_show_neither_token_nor_credentials(api, control, receiver):
    api.new_contact("ada@example.com")
    host = receiver.url.removeprefix("http://")
    api.new_webhook(f"http://user:word@{host}/hook?token=secret", "open")
    control.act("open", contact=1)
    attempt = control.deliveries()[0]
    assert (attempt["url"], attempt["status"]) == (f"http://{host}/hook", 200)


def test_deliveries_can_be_lost_repeated_and_disordered(hooked, control, receiver):
    control.options(webhook_drop=1.0)
    control.act("open", contact=1)
    control.options(webhook_drop=0.0, webhook_duplicate=1.0)
    control.act("click", contact=1)
    control.options(webhook_duplicate=0.0, webhook_reorder=1.0)
    control.act("reply", contact=1)
    control.options(webhook_reorder=0.0)
    control.act("forward", contact=1)
    control.deliveries()
    assert receiver.types == ["click", "click", "forward", "reply"]


@pytest.mark.parametrize(
    "url, ok",
    [
        ("https://example.com/x", True),
        ("https://example.com:8443/x", False),
        ("http://example.com/x", False),
        ("ftp://example.com/x", False),
    ],
)
def test_only_https_on_its_own_port_unless_allowed(api, control, url, ok):
    control.options(allow_http_webhooks=False)
    body = {"name": "x", "url": url, "events": ["open"]}
    assert api.post("/webhooks", {"webhook": body}).ok is ok


def test_an_unknown_event_is_refused(api, control):
    body = {"name": "x", "url": "https://example.com", "events": ["form_submit"]}
    assert api.post("/webhooks", {"webhook": body}).status_code == 422
    assert control.state()["webhooks"] == {}


def test_what_people_do_is_found_by_polling(hooked, control):
    control.act("open", contact=1)
    control.act("click", contact=1)
    control.act("bounce", contact=1)
    actions = [
        a["reference_action"]
        for a in hooked.get("/activities", contact=1)["activities"]
    ]
    assert actions == ["bounce", "click", "open", "subscribe"]
    campaign = hooked.get("/campaigns/1")["campaign"]
    assert (campaign["opens"], campaign["linkclicks"], campaign["hardbounces"]) == (
        "1",
        "1",
        "1",
    )
    assert len(hooked.get("/contacts/1/bounceLogs")["bounceLogs"]) == 1

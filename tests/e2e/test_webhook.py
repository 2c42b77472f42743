"""What the webhook's address answers, and what becomes of an event."""

import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from both_sides import wait_until_idle
from odd_bodies import odd_bodies
from told import TOKEN, events, form

LIMIT = 256 * 1024


@pytest.fixture(scope="module")
def partner(account):
    """A partner with a contact: `(partner id, e-mail)`."""
    email = "reader@example.com"
    values = {"name": "Ada Reader", "email": email}
    partner = account.server.call("res.partner", "create", values)
    account.wait("the contact is there", lambda: email in account.links())
    return partner, email


# ------------------------------------------------------------------------- the token


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("header", {"headers": {"X-AC-Webhook-Token": TOKEN}}),
        ("parameter", {"headers": {}, "query": f"?token={TOKEN}"}),
        ("basic", {"headers": {}, "auth": ("anybody", TOKEN)}),
    ],
)
def test_the_token_opens_by_three_ways(account, post, name, request_):
    answer = post("open", data=form(name), **request_)
    assert answer.status_code == 200
    assert events(account, f"event{name}@example.com") == ["open"]


@pytest.mark.parametrize(
    "request_",
    [
        {"headers": {}},
        {"headers": {"X-AC-Webhook-Token": ""}},
        {"headers": {"X-AC-Webhook-Token": TOKEN[:-1]}},
        {"headers": {"X-AC-Webhook-Token": "ünicode".encode()}},
        {"headers": {}, "query": f"?token={TOKEN.upper()}"},
        {"headers": {}, "query": "?token="},
        {"headers": {}, "auth": (TOKEN, "")},
        {"headers": {"Authorization": "Basic ???"}},
    ],
)
def test_without_the_token_nothing_is_stored(account, post, request_):
    before = events(account)
    assert post("open", data=form("thief"), **request_).status_code == 403
    assert events(account) == before


@pytest.mark.parametrize("key", ["self", "action"])
def test_keys_that_are_words_of_python_are_only_keys(account, post, key):
    for place in ("query", "body"):
        number = f"{key}{place}"
        more = {key: "1"} if place == "body" else {}
        request_ = {"data": form(number, **more)}
        if place == "query":
            request_["query"] = f"?{key}=1"
        assert post("open", headers={}, **request_).status_code == 403
        assert post("open", **request_).status_code == 200
        assert events(account, f"event{number}@example.com") == ["open"]


@pytest.mark.parametrize("key", ["self", "action"])
def test_who_tries_the_address_may_send_any_key(account, key):
    url = f"{account.server.url}/ac/webhook/any?{key}=1"
    assert requests.get(url, timeout=60).status_code == 200


def test_a_token_in_the_body_is_not_one(account, post):
    before = events(account)
    answer = post("open", data=form("body", token=TOKEN), headers={})
    assert answer.status_code == 403
    assert events(account) == before


# ----------------------------------------------------------------- what is turned away


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (404, {"action": "reboot", "data": form(1)}),
        (404, {"action": "OPEN", "data": form(1)}),
        (400, {"action": "click", "data": form(1, "open")}),
        (400, {"action": "open", "data": {"contact[id]": "1"}}),
        (400, {"data": b""}),
        (400, {"data": b"<xml/>", "type_": "text/xml"}),
        (400, {"data": b"{broken", "type_": "application/json"}),
        (400, {"data": b"[1, 2]", "type_": "application/json"}),
        (400, {"data": b'{"a":' * 50 + b"1" + b"}" * 50, "type_": "application/json"}),
        (400, {"data": {"a" + "[b]" * 50: "1"}}),
        (400, {"data": urlencode([(f"k{n}", "") for n in range(5000)])}),
        (413, {"data": form(1, filler="x" * LIMIT)}),
        (413, {"data": b'"' + b"x" * LIMIT + b'"', "type_": "application/json"}),
    ],
)
def test_a_bad_event_is_refused_with_a_reason(account, post, status, request_):
    before = events(account)
    type_ = request_.get("type_", "application/x-www-form-urlencoded")
    headers = {"X-AC-Webhook-Token": TOKEN, "Content-Type": type_}
    request_ = {key: value for key, value in request_.items() if key != "type_"}
    answer = post(headers=headers, **request_)
    assert answer.status_code == status
    assert 0 < len(answer.text) < 500 and "Traceback" not in answer.text
    assert events(account) == before


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (413, {"action": "reboot", "headers": {}, "data": form(1, filler="x" * LIMIT)}),
        (404, {"action": "reboot", "headers": {}, "data": form(1)}),
        (404, {"action": "reboot", "data": b"<xml/>"}),
        (403, {"headers": {"Content-Type": "application/json"}, "data": b"{broken"}),
    ],
)
def test_of_several_faults_the_first_decides(account, post, status, request_):
    before = events(account)
    assert post(**request_).status_code == status
    assert events(account) == before


def chunks(size):
    """Yield a form of about `size` bytes; requests sends it without its length."""
    yield urlencode(form("chunked")).encode() + b"&filler="
    for _ in range(size // 8192):
        yield b"x" * 8192


@pytest.mark.parametrize("type_", ["application/x-www-form-urlencoded", "text/plain"])
def test_too_much_without_a_length_is_refused(account, post, type_):
    before = events(account)
    headers = {"X-AC-Webhook-Token": TOKEN, "Content-Type": type_}
    answer = post(data=chunks(4 * LIMIT), headers=headers)
    assert answer.status_code == 413
    assert events(account) == before


def test_chunks_are_as_good_as_a_length(account, post):
    headers = {
        "X-AC-Webhook-Token": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    assert post(data=chunks(8192), headers=headers).status_code == 200
    assert events(account, "eventchunked@example.com") == ["open"]


def test_a_length_without_a_body_does_not_stop_the_server(account, post):
    address = urlsplit(account.server.url)
    head = f"POST /ac/webhook/any?token={TOKEN} HTTP/1.1\r\nHost: {address.netloc}\r\n"
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(f"{head}Content-Length: 100\r\n\r\ntype=open".encode())
    assert post(data=form("after")).status_code == 200
    assert events(account, "eventafter@example.com") == ["open"]


# ------------------------------------------------------------------ what is taken in


def test_any_takes_every_kind(account, post):
    for type_ in ("open", "unsubscribe", "sms_reply", "deal_task_add", "something_new"):
        assert post("any", data=form("any", type_)).status_code == 200
    assert events(account, "eventany@example.com") == [
        *("open", "unsubscribe", "sms_reply", "deal_task_add", "something_new")
    ]


def test_json_is_taken_as_well(account, post):
    body = {"type": "open", "contact": {"id": 1, "email": "json@example.com"}}
    assert post("open", json=body).status_code == 200
    assert events(account, "json@example.com") == ["open"]


def test_a_person_who_tries_the_address_gets_an_answer(account):
    answer = requests.get(f"{account.server.url}/ac/webhook/any", timeout=60)
    assert (answer.status_code, answer.text) == (200, "")


def test_an_event_delivered_again_and_again_is_stored_once(account, post):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post(data=form("twice")), range(12)))
    assert {answer.status_code for answer in answers} == {200}
    assert events(account, "eventtwice@example.com") == ["open"]
    assert "eventtwice" not in account.server.log.read_text()
    assert post(data=form("twice", "click")).status_code == 200
    assert events(account, "eventtwice@example.com") == ["open", "click"]


def test_how_large_an_event_may_be_is_a_parameter(account, post):
    def allow(size):
        name = "ac_odoo_connector.webhook_max_bytes"
        account.server.call("ir.config_parameter", "set_param", name, size)

    large = form("large", filler="x" * 2000)
    allow("1000")
    assert post(data=large).status_code == 413
    allow("")
    assert post(data=large).status_code == 200


def test_an_automation_sends_no_type(account, post):
    data = {"contact[id]": "1", "contact[email]": "series@example.com", "seriesid": "9"}
    assert post("automation", data=data).status_code == 200
    assert post("automation", data=form("typed")).status_code == 400
    assert events(account, "series@example.com") == ["automation"]


def test_odd_bodies_never_break_the_server(account, webhook_token):
    """Thousands of bodies that nobody would send: each is taken or refused, calmly."""
    bodies = odd_bodies(2000)
    with ThreadPoolExecutor(3) as pool:
        thirds = [bodies[start::3] for start in range(3)]
        statuses = set().union(*pool.map(lambda part: send(account, part), thirds))
    assert statuses <= {200, 400, 413}
    assert {200, 400} <= statuses
    wait_until_idle(account)
    assert set(account.sql("SELECT DISTINCT state FROM ac_event")) <= {
        ("done",),
        ("ignored",),
        ("waiting",),
    }


def send(account, bodies):
    """Post `(content type, body)` pairs; return the statuses of the answers."""
    url = f"{account.server.url}/ac/webhook/any"
    with requests.Session() as session:
        session.headers["X-AC-Webhook-Token"] = TOKEN
        return {
            session.post(url, data=body, headers={"Content-Type": type_}).status_code
            for type_, body in bodies
        }


# ---------------------------------------------------------- from the account to Odoo


@pytest.fixture
def connected(account, partner):
    """The account's own webhook, registered by the button, pressed twice."""
    account.call("action_connect_webhook")
    account.call("action_connect_webhook")
    return account.simulator.control


def test_pressing_the_button_twice_makes_one_webhook(account, connected):
    (webhook,) = connected.state("webhooks")["webhooks"].values()
    assert webhook["url"].startswith(f"{account.server.url}/ac/webhook/")
    assert {"open", "click", "update"} <= set(webhook["events"])


def timeline(account, partner_id):
    """Return the bodies of a partner's messages, the newest first."""
    messages = account.server.call(
        "mail.message",
        "search_read",
        [("model", "=", "res.partner"), ("res_id", "=", partner_id)],
        ["body", "notified_partner_ids"],
    )
    assert not any(message["notified_partner_ids"] for message in messages)
    return [message["body"] for message in messages]


def test_opens_and_clicks_end_on_the_timeline(account, connected, partner):
    partner_id, email = partner
    before = timeline(account, partner_id)
    connected.act("open", email=email)
    connected.act("click", email=email, url="https://example.com/?a=1&b=<2>")
    account.wait(
        "both are on the timeline",
        lambda: len(timeline(account, partner_id)) >= len(before) + 2,
    )
    wait_until_idle(account)
    clicked, opened = timeline(account, partner_id)[: -len(before) or None]
    assert "Opened" in opened and "Clicked" in clicked
    assert "https://example.com/?a=1&amp;b=&lt;2&gt;" in clicked


def test_lost_repeated_and_reordered_deliveries_do_no_harm(account, connected, partner):
    partner_id, email = partner
    before = timeline(account, partner_id)
    connected.options(webhook_duplicate=1.0, webhook_reorder=0.5)
    for number in range(5):
        connected.act("click", email=email, url=f"https://example.com/offer/{number}")
    connected.deliveries()
    connected.options(webhook_duplicate=0.0, webhook_reorder=0.0)
    wait_until_idle(account)
    news = timeline(account, partner_id)[: -len(before)]
    assert len(news) == 5
    assert all(any(f"offer/{n}" in body for body in news) for n in range(5))

"""Reading webhooks: captured deliveries, PHP's bracket keys, limits, and junk."""

import json
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activecampaign import (
    MalformedWebhook,
    deal_value,
    parse_webhook,
    text_list,
    webhook_timestamp,
)

FORM = "application/x-www-form-urlencoded"
JSON = "application/json; charset=utf-8"
CAPTURED = sorted((Path(__file__).parent / "fixtures" / "webhooks").glob("*.form"))
junk = settings(database=None, deadline=None, max_examples=200)


@pytest.mark.parametrize(
    "code", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-8"]
)
def test_json_is_utf_8_however_deep(code):
    """Other encodings would hide the brackets from whoever counts them."""
    deep = b'{"a":' + b"[" * 100_000
    for body in (deep.decode().encode(code), ("[" * 100_000).encode(code)):
        with pytest.raises(MalformedWebhook):
            parse_webhook(body, JSON)
    plain = json.dumps({"type": "open"}).encode(code)
    if code.startswith("utf-8"):
        assert parse_webhook(plain, JSON) == {"type": "open"}
    else:
        with pytest.raises(MalformedWebhook):
            parse_webhook(plain, JSON)


def captured(name):
    path = next(path for path in CAPTURED if path.stem == name)
    return parse_webhook(path.read_bytes(), FORM)


@pytest.mark.parametrize("path", CAPTURED, ids=lambda path: path.stem)
def test_every_captured_delivery_names_its_contact(path):
    payload = parse_webhook(path.read_bytes(), FORM)
    assert payload["contact"]["id"].isdigit()
    assert payload["contact"]["email"].endswith("@example.com")


def test_a_tag_event():
    payload = captured("contact_tag_added_2026")
    assert payload["type"] == "contact_tag_added"
    assert payload["tag"] == "Tag two"
    assert text_list(payload["contact"]["tags"]) == ["Tag one", "Tag two"]
    assert payload["contact"]["phone"] == "+15555550100"
    assert payload["contact"]["fields"] == {"39": "value"}
    assert webhook_timestamp(payload["date_time"]) == datetime(
        2026, 7, 18, 3, 1, 25, tzinfo=timezone.utc
    )


def test_a_deal_event_gives_units_and_the_changed_fields():
    payload = captured("deal_update")
    assert deal_value(payload["deal"]) == Decimal("100")
    assert list(payload["updated_fields"].values())[:2] == ["title", "mdate"]


def test_an_automation_event_has_no_type():
    assert "type" not in captured("automation_webhook_action")


def test_empty_values_are_kept():
    assert captured("subscribe_no_list")["contact"]["first_name"] == ""


def form(text):
    return parse_webhook(text.encode(), FORM)


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("list[][id]=4&list[][id]=5", {"list": {"0": {"id": "4"}, "1": {"id": "5"}}}),
        ("a[]=x&a[]=y", {"a": {"0": "x", "1": "y"}}),
        ("a[5]=x&a[7]=y", {"a": {"5": "x", "7": "y"}}),
        ("a[1]=x&a[]=y", {"a": {"1": "x", "2": "y"}}),
        ("a=1&a=2", {"a": "2"}),
        ("a=1&a[b]=2", {"a": {"b": "2"}}),
        ("a[b]=1&a=2", {"a": "2"}),
        ("a[b=1&c]=2&[d]=3", {"a[b": "1", "c]": "2", "[d]": "3"}),
        ("User-Agent=x%20y%2Bz+w", {"User-Agent": "x y+z w"}),
        ("n=%F0%9F%8C%B1+%C3%A9", {"n": "🌱 é"}),
        ("n=%FF%00x", {"n": "\ufffdx"}),
    ],
)
def test_form_keys(text, payload):
    assert form(text) == payload


def test_json_values_become_text():
    body = b'{"a": 1, "b": [true, null, 1.50], "c": {"d": "x"}, "e": "\\ud800\\u0000"}'
    assert parse_webhook(body, JSON) == {
        "a": "1",
        "b": {"0": "1", "1": "", "2": "1.50"},
        "c": {"d": "x"},
        "e": "?",
    }


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b" \n", JSON),
        (b"a=1", "multipart/form-data; boundary=x"),
        (b"a=1", "text/xml"),
        (b"[1]", JSON),
        (b'"text"', JSON),
        (b'{"a": ', JSON),
        (b"\xff\xfe{", JSON),
        (b"[" * 100_000, JSON),
        (b'{"a":' * 9 + b"1" + b"}" * 9, JSON),
        (b'{"a":' + b"9" * 5000 + b"}" * 2, JSON),
        (b"a[b][c][d][e][f][g][h][i]=1", FORM),
        (b"&".join(b"k%d=1" % number for number in range(2001)), FORM),
        (b'{"a": [' + b",".join([b"1"] * 2001) + b"]}", JSON),
        (b"a=" + b"x" * 1_000_001, FORM),
    ],
)
def test_what_is_refused(body, content_type):
    with pytest.raises(MalformedWebhook):
        parse_webhook(body, content_type)


def test_limits_are_the_callers():
    assert parse_webhook(b"a[b]=1", FORM, max_depth=2, max_keys=1, max_bytes=6)
    for limit in ({"max_depth": 1}, {"max_keys": 0}, {"max_bytes": 5}):
        with pytest.raises(MalformedWebhook):
            parse_webhook(b"a[b]=1", FORM, **limit)


@pytest.mark.parametrize(
    ("value", "offset", "moment"),
    [
        ("2017-11-24T08:50:26-06:00", "+02:00", (2017, 11, 24, 14, 50, 26)),
        ("2013-07-18 08:46:33", "-05:00", (2013, 7, 18, 13, 46, 33)),
        ("2013-07-18 08:46:33", "+05:30", (2013, 7, 18, 3, 16, 33)),
        ("2026-01-01T00:00:00Z", "-05:00", (2026, 1, 1, 0, 0, 0)),
        ("0000-00-00 00:00:00", "-05:00", None),
        ("0001-01-01 00:00:00", "+05:00", None),
        ("2013-07-18 08:46:33", "", None),
        ("yesterday", "-05:00", None),
        ("", "-05:00", None),
    ],
)
def test_timestamps(value, offset, moment):
    expected = moment and datetime(*moment, tzinfo=timezone.utc)
    assert webhook_timestamp(value, offset) == expected


def test_an_unclosed_text_costs_no_more_than_its_length():
    """Escaped quotes without an end: each of them once began another search."""
    for body in ('"' + r"\"" * 100_000, "{" + r'"a\"' * 60_000):
        with pytest.raises(MalformedWebhook):
            parse_webhook(body.encode(), "application/json")


def test_a_deal_of_too_many_digits_has_no_value():
    assert deal_value({"value": "1e999999999"}) is None
    assert deal_value({"value": "9" * 15}) == Decimal("9" * 15)


@pytest.mark.parametrize(
    ("deal", "value"),
    [
        ({"value": "1,044,055.00", "value_raw": "1044055"}, Decimal(1044055)),
        ({"value": "1,044,055.50"}, Decimal("1044055.50")),
        ({"value": "0.00", "value_raw": "0"}, Decimal(0)),
        ({"value": ""}, None),
        ({"value": "NaN"}, None),
        ({"value": "free"}, None),
        ({"value": "1e999999999"}, None),
        ({"value": "9" * 5000}, None),
        ({"value_raw": "999999999999999"}, Decimal(10**15 - 1)),
        ({}, None),
    ],
)
def test_deal_values_are_units(deal, value):
    assert deal_value(deal) == value


def is_text_tree(node):
    if isinstance(node, dict):
        return all(isinstance(k, str) and is_text_tree(v) for k, v in node.items())
    return isinstance(node, str) and "\0" not in node and node == node.encode().decode()


@junk
@given(st.binary(max_size=400), st.sampled_from([FORM, JSON, "", "x/y", "\xff;"]))
def test_junk_is_read_or_refused(body, content_type):
    try:
        payload = parse_webhook(body, content_type)
    except MalformedWebhook:
        return
    assert is_text_tree(payload)


@junk
@given(
    st.lists(
        st.tuples(st.text(alphabet="ab[]=&%0;\0é", max_size=12), st.text(max_size=5))
    )
)
def test_junk_keys_are_read_or_refused(pairs):
    body = "&".join(f"{name}={value}" for name, value in pairs)
    try:
        payload = parse_webhook(body.encode("utf-8", "replace"), FORM)
    except MalformedWebhook:
        return
    assert is_text_tree(payload)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
)


@junk
@given(st.dictionaries(st.text(max_size=5), json_values, max_size=5))
def test_any_json_object_is_read_or_refused(value):
    try:
        payload = parse_webhook(json.dumps(value).encode(), JSON)
    except MalformedWebhook:
        return
    assert is_text_tree(payload)


names = st.text(alphabet="abcXYZ_09-", min_size=1, max_size=6)
trees = st.recursive(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        max_size=8,
    ),
    lambda inner: st.dictionaries(names, inner, min_size=1, max_size=3),
    max_leaves=10,
)


def pairs_of(tree, prefix=""):
    for key, value in tree.items():
        name = f"{prefix}[{key}]" if prefix else key
        if isinstance(value, dict):
            yield from pairs_of(value, name)
        else:
            yield name, value


@junk
@given(st.dictionaries(names, trees, min_size=1, max_size=4))
def test_what_php_would_send_comes_back_whole(tree):
    body = urlencode(list(pairs_of(tree))).encode()
    assert parse_webhook(body, FORM, max_depth=100) == tree


@junk
@given(st.text(max_size=30), st.text(max_size=8))
def test_helpers_never_raise(value, offset):
    moment = webhook_timestamp(value, offset)
    assert moment is None or moment.tzinfo is timezone.utc
    assert all(part == part.strip() != "" for part in text_list(value))
    number = deal_value({"value": value})
    assert number is None or number.is_finite()

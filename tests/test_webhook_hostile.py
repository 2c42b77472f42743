"""Hostile webhooks, each with what it gets: the list that SECURITY speaks of.

Whoever sends them has the token already: ActiveCampaign itself, or what a stranger has
typed into a form over there. `REFUSED` is answered with 400 and leaves nothing; the rest
is kept as harmless text, of which this is the whole. What becomes of that text in notes,
lists and values: ac_odoo_connector/tests/test_hostile.py.
"""

import gzip
import json
import zlib

import pytest

from activecampaign import (
    MalformedWebhook,
    WebhookEvent,
    parse_webhook,
    webhook_timestamp,
)

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
KIB = 1024
LIMIT = 256 * KIB
SCRIPT = "<script>alert(1)</script>"
ZIP_BOMB = gzip.compress(b"type=open&x=" + b"0" * 10_000_000)


def bracket_keys(count):
    return b"&".join(b"a[%d][%d][%d]=1" % (n, n, n) for n in range(count))


REFUSED = {
    # too much of it
    "a body above the limit": (FORM, b"a=" + b"x" * LIMIT),
    "an explosion of keys": (FORM, b"&".join(b"k%d=" % n for n in range(2_001))),
    "an explosion of bracket keys": (FORM, bracket_keys(2_001)),
    "an explosion of empty brackets": (FORM, b"&".join([b"a[]=1"] * 2_001)),
    "an explosion of JSON": (JSON, b'{"a":[' + b"[]," * 3_000 + b"[]]}"),
    # too deep
    "deep brackets": (FORM, b"a" + b"[b]" * 9 + b"=1"),
    "brackets to the limit": (FORM, b"a" + b"[]" * 100_000 + b"=1"),
    "deep JSON": (JSON, b'{"a":' * 30_000 + b"1" + b"}" * 30_000),
    "deep lists, never closed": (JSON, b"[" * LIMIT),
    "depth behind odd quotes": (JSON, b'{"a":"\\"","b":' + b"[" * 100_000),
    # a mark for whoever counts brackets to look for each quote's partner again and again
    "quotes without end": (JSON, b'{"a":"' + b'\\"' * 120_000),
    "backslashes without end": (JSON, b'{"a":"' + b"\\" * 250_000),
    # not what it says
    "a zipped body": (JSON, ZIP_BOMB[:LIMIT]),
    "a squeezed body": (JSON, zlib.compress(b'{"type": "open"}')),
    "no content": (FORM, b"\r\n \t"),
    "a file": ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
    "XML that opens files": (
        "text/xml",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ),
    "a pickle": ("application/octet-stream", b"\x80\x04cos\nsystem\n"),
    "UTF-16": (f"{JSON}; charset=utf-16", '{"type": "open"}'.encode("utf-16")),
    "UTF-7": (f"{JSON}; charset=utf-7", b"+AHsAIgB0AHkAcABlACIAOgAxAH0-"),
    "Latin-1": (f"{JSON}; charset=latin-1", b'{"name": "Jos\xe9"}'),
    "half a character": (JSON, b'{"name": "\xed\xa0\x80"}'),
    "JSON that is no object": (JSON, b'"open"'),
    "two JSON objects": (JSON, b'{"type": "open"}{"type": "update"}'),
    "JSON with a comment": (JSON, b'{"type": "open" /* */}'),
}

TAKEN = {
    # which of two counts: the last, as in PHP
    "a key twice": (FORM, b"type=open&type=update", {"type": "update"}),
    "a JSON key twice": (JSON, b'{"a": 1, "a": {"b": 2}}', {"a": {"b": "2"}}),
    "a key that is text and tree": (FORM, b"a[b]=1&a=2&a[c]=3", {"a": {"c": "3"}}),
    "keys that differ in NUL": (JSON, b'{"a": 1, "a\\u0000": 2}', {"a": "2"}),
    "an index in the way": (FORM, b"a[1]=x&a[]=y", {"a": {"1": "x", "2": "y"}}),
    # odd characters
    "NUL": (FORM, b"a=x%00y&b%00=\x00", {"a": "xy", "b": ""}),
    "a lone surrogate": (JSON, b'{"a": "\\ud800x"}', {"a": "?x"}),
    "a surrogate in a form": (FORM, b"a=%ED%A0%80", {"a": "\ufffd" * 3}),
    "bytes of another charset": (f"{FORM}; charset=latin-1", b"a=%E9", {"a": "\ufffd"}),
    "an overlong slash": (FORM, b"a=%C0%AF", {"a": "\ufffd" * 2}),
    "a line for a header": (
        FORM,
        b"contact[email]=a%40example.com%0D%0ABcc%3A+b%40example.com",
        {"contact": {"email": "a@example.com\r\nBcc: b@example.com"}},
    ),
    # huge numbers stay text: nobody counts with them
    "a number of 5,000 digits": (
        JSON,
        b'{"a": ' + b"9" * 5_000 + b"}",
        {"a": "9" * 5_000},
    ),
    "a huge exponent": (JSON, b'{"a": 1e999999999}', {"a": "1e999999999"}),
    "no number": (
        JSON,
        b'{"a": [NaN, -Infinity]}',
        {"a": {"0": "NaN", "1": "-Infinity"}},
    ),
    # names that mean something elsewhere
    "names of Python": (
        FORM,
        b"__class__=1&self=2&__proto__[x]=3",
        {"__class__": "1", "self": "2", "__proto__": {"x": "3"}},
    ),
    "a template": (FORM, b"a={{7*7}}${7*7}%25(x)s", {"a": "{{7*7}}${7*7}%(x)s"}),
    "SQL": (FORM, b"contact[id]=1'+OR+1%3D1--", {"contact": {"id": "1' OR 1=1--"}}),
    "a script": (
        FORM,
        b"contact[first_name]=%3Cscript%3Ealert(1)%3C/script%3E",
        {"contact": {"first_name": SCRIPT}},
    ),
    "an address inside the network": (
        FORM,
        b"link[url]=http://169.254.169.254/latest/meta-data",
        {"link": {"url": "http://169.254.169.254/latest/meta-data"}},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    content_type, body = REFUSED[name]
    with pytest.raises(MalformedWebhook) as caught:
        parse_webhook(body, content_type, max_bytes=LIMIT)
    assert 0 < len(str(caught.value)) < 60  # our words, none of the sender's


@pytest.mark.parametrize("name", TAKEN)
def test_taken_as_text(name):
    content_type, body, payload = TAKEN[name]
    read = parse_webhook(body, content_type, max_bytes=LIMIT)
    assert read == payload
    json.dumps(read, ensure_ascii=False).encode()  # any database takes it
    event = WebhookEvent(read)
    assert len(event.type) <= 64 and len(event.contact_id) <= 32
    assert len(event.subject) <= 80


def test_bracket_keys_below_the_limit_are_quickly_read():
    """The worst order: every free index has to be looked for."""
    taken = b"&".join(b"a[%d]=1" % n for n in range(1_000, 2_000))
    free = b"&".join([b"a[]=2"] * 1_000)
    read = parse_webhook(taken + b"&" + free, FORM, max_bytes=LIMIT)["a"]
    assert len(read) == 2_000


@pytest.mark.parametrize(
    "value",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1e9", "٣٣-٠١-٠١"],
)
def test_moments_beyond_the_calendar_are_none(value):
    assert webhook_timestamp(value) is None

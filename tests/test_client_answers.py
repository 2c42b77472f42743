"""What a server may answer: whatever it is, a clear error or clean data, and no more."""

import gzip
import json
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activecampaign import (
    ActiveCampaignClient,
    RateLimited,
    RetryPolicy,
    ServerError,
    UncertainOutcome,
    Unreachable,
    WrongHost,
)
from activecampaign.transport import MAX_RESPONSE_BYTES, json_object
from wired import http, serving

BOMB = gzip.compress(b'{"user": "' + b" " * 10 * MAX_RESPONSE_BYTES)
ELSEWHERE = "http://169.254.169.254/latest/meta-data"
ME = b'{"user": {"id": "1"}}'


def ask(answer, call=lambda client: client.users.me()):
    """Return what a client makes of an answer, and what the server has heard."""
    with serving(answer) as (port, heard):
        with ActiveCampaignClient(
            f"http://localhost:{port}",
            "secret-key",
            allow_local=True,
            retry=RetryPolicy(attempts=1),
            timeout=5,
        ) as client:
            try:
                return call(client), heard
            except Exception as error:
                return error, heard


HOSTILE = {
    "a redirect to another host": (
        http(b"", f"Location: {ELSEWHERE}", status="302 Found"),
        WrongHost,
    ),
    "a redirect that keeps the method": (
        http(b"", f"Location: {ELSEWHERE}", status="308 Permanent Redirect"),
        WrongHost,
    ),
    "a redirect within the host": (
        http(b"", "Location: /api/3/users/me", status="307 Temporary Redirect"),
        WrongHost,
    ),
    "a page to refresh": (http(b"<html>", f"Refresh: 0; {ELSEWHERE}"), WrongHost),
    "a bomb": (http(BOMB, "Content-Encoding: gzip"), WrongHost),
    "a bomb of an error": (
        http(BOMB, "Content-Encoding: gzip", status="500 Oops"),
        WrongHost,
    ),
    "a bomb in a bomb": (
        http(gzip.compress(BOMB), "Content-Encoding: gzip, gzip"),
        WrongHost,
    ),
    "a packing nobody asked for": (
        http(zlib.compress(ME), "Content-Encoding: deflate"),
        WrongHost,
    ),
    "packed, and is not": (http(ME, "Content-Encoding: gzip"), ServerError),
    "deep JSON": (http(b'{"a":' * 100_000), WrongHost),
    "a list": (http(b"[" * 100_000), WrongHost),
    "an endless number": (http(b'{"user":' + b"9" * 100_000 + b"}"), WrongHost),
    "what is no number": (http(b'{"user": {"id": NaN}}'), WrongHost),
    "too many headers": (http(ME, *["X: y"] * 1000), Unreachable),
    "an endless header": (http(ME, "X: " + "y" * 100_000), Unreachable),
    "no HTTP": (b"\x00\xff" * 1000, Unreachable),
    "another length": (http(ME).replace(b"21", b"9999"), ServerError),
    "a pause of thirty years": (
        http(b"{}", "Retry-After: 999999999", status="429 Too Many"),
        RateLimited,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_a_clear_error(name):
    answer, kind = HOSTILE[name]
    error, heard = ask(answer)
    assert type(error) is kind, error
    assert "secret-key" not in str(error)
    assert len(heard) == 1  # nobody was asked again


def test_a_bomb_needs_no_more_memory_than_the_largest_answer():
    answer = http(BOMB, "Content-Encoding: gzip")
    tracemalloc.start()
    try:
        error, _heard = ask(answer)
        assert isinstance(error, WrongHost)
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_RESPONSE_BYTES
    finally:
        tracemalloc.stop()


def test_a_packed_answer_is_read():
    result, heard = ask(http(gzip.compress(ME), "Content-Encoding: gzip"))
    assert result.id == "1"
    assert b"Accept-Encoding: gzip\r\n" in heard[0]


def test_an_answer_that_takes_too_long_as_a_whole_breaks_off(monkeypatch):
    monkeypatch.setattr("activecampaign.transport.ANSWER_SECONDS", 0.0)
    answer = http(json.dumps({"tag": {"id": "1", "x": "y" * 100_000}}).encode())
    assert type(ask(answer)[0]) is ServerError
    made, _heard = ask(answer, lambda client: client.tags.create({"tag": "VIP"}))
    assert type(made) is UncertainOutcome  # it may be there


class Limiter:
    """Remembers how long it was told to pause."""

    def __init__(self):
        self.pauses = []

    def acquire(self, kind):
        """There is always a place."""

    def ended(self, answered):
        """Nobody counts."""

    def pause(self, seconds):
        self.pauses.append(seconds)


def test_no_answer_silences_an_account_for_years():
    limiter = Limiter()

    def call(client):
        client.limiter = limiter
        client.users.me()

    ask(http(b"", "Retry-After: 999999999", status="503 Later"), call)
    ask(http(b"", "Retry-After: 7", status="503 Later"), call)
    assert limiter.pauses == [300, 7]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (b'"\\u0000Ada\\u0000"', "Ada"),
        (b'"Ada \\ud83c"', "Ada ?"),
        (b'"\\udf31\\ud83c"', "??"),
        (b'"\\ud83c\\udf31"', "\N{SEEDLING}"),
        (b'"\xed\xa0\x80"', "\ufffd\ufffd\ufffd"),
        (b'"\xff"', "\ufffd"),
        (b'["\\u0000"]', [""]),
        (b'{"a\\u0000": "1"}', {"a": "1"}),
        (b'"\\\\u0000"', "\\u0000"),
    ],
)
def test_text_that_no_database_takes_is_cleaned(said, read):
    result, _heard = ask(http(b'{"user": {"id": "1", "firstName": %s}}' % said))
    assert result.record["firstName"] == read


@pytest.mark.parametrize(
    "said", ["<script>alert(1)</script>", "a\r\nBcc: b@example.com", "\x1b[2J"]
)
def test_words_of_an_error_are_one_line_of_text(said):
    body = json.dumps({"message": f"No: {said}"}).encode()
    error, _heard = ask(http(body, status="422 No"))
    assert error.text.startswith("No:")
    assert not set("<>\r\n\x1b").intersection(error.text)


text = st.text(st.characters(), max_size=8) | st.sampled_from(
    ["\0", "\ud83d", "\udf31"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4)
    ),
)


@settings(database=None, deadline=None, max_examples=300)
@given(st.dictionaries(text, values, max_size=5), st.booleans())
def test_whatever_is_read_can_be_kept(said, as_ascii):
    body = json.dumps(said, ensure_ascii=as_ascii).encode("utf-8", "surrogatepass")
    read = json_object(body)
    for found in texts(read):  # none where NaN or Infinity is: these are no JSON
        assert found == found.encode().decode() and "\0" not in found


def texts(node):
    """Yield all texts of a JSON value, keys too."""
    if isinstance(node, str):
        yield node
    if isinstance(node, dict):
        node = [*node.keys(), *node.values()]
    for child in node if isinstance(node, list) else ():
        yield from texts(child)


@settings(database=None, deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_nothing(body):
    assert isinstance(json_object(body), dict | None)

"""Bodies for the webhook's address that no ActiveCampaign would send."""

import json
import random
from pathlib import Path

CAPTURED = [
    file.read_bytes()
    for file in sorted(Path(__file__).parents[1].glob("fixtures/webhooks/*.form"))
]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TYPES = [FORM, f"{FORM}; charset=utf-16", f"{JSON}; charset=latin-1", JSON, "", "a/b"]
TYPES += ["multipart/form-data", "multipart/form-data; boundary=x", "text/plain", ";"]
SNIPPETS = [
    *(b"[]", b"[", b"]", b"=", b"&", b"%", b"%00", b"%ff%fe", b"\x00", b"+", b";"),
    *(
        b"type=open",
        b"type[]=open",
        b"type[a]=1",
        b"contact=1",
        b"contact[id]=",
        b"\xf0",
    ),
    *(
        b"contact[id][x]=1",
        b"contact[id]=99999999999999999999",
        b"date_time=0000-00-00",
    ),
    *(b"date_time=9999-12-31T23:59:59-12:00", b"%ED%A0%80", b"--x\r\n", b"{}", b"null"),
    *(b"self=1", b"action=x", b"self[a]=1", b"token=", b"a" + b"[b]" * 12 + b"=1"),
    *(b"type=update", b"&contact[id]=1'--", "ß日🌸".encode(), b"e" * 5000, b"1e999"),
]
KEYS = ["type", "contact", "id", "date_time", "email", "list", "self", "action"]
KEYS += ["", "\0", "[]", "\ud800"]
LEAVES = [None, True, 1, -1, 1e300, "", "open", "update", "click", "1", "\ud83d", "\0"]


def odd_bodies(count, seed=1):
    """Return `count` pairs `(content type, body)`, always the same."""
    chance = random.Random(seed)
    makers = [_mutated, _patched, _noise, _json]
    bodies = []
    for number in range(count):
        make = makers[number % len(makers)]
        usual = JSON if make is _json else FORM
        type_ = chance.choice(TYPES) if chance.random() < 0.2 else usual
        bodies.append((type_, make(chance)))
    return bodies


def _mutated(chance):
    """A captured delivery with some bytes changed."""
    body = bytearray(chance.choice(CAPTURED))
    for _ in range(chance.randint(1, 20)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


def _patched(chance):
    """A captured delivery with pieces cut out, repeated, and put in."""
    body = chance.choice(CAPTURED)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(body) + 1)
        end = chance.choice([start, chance.randrange(start, len(body) + 1)])
        body = body[:start] + chance.choice(SNIPPETS) + body[end:]
    return body


def _noise(chance):
    """Snippets in any order, or bytes of any kind."""
    if chance.random() < 0.5:
        return chance.randbytes(chance.randrange(300))
    return b"&".join(chance.choices(SNIPPETS, k=chance.randint(0, 8)))


def _json(chance):
    """JSON of any shape, now and then broken."""
    node = _node(chance, 4)
    for _ in range(chance.choice([0, 0, 0, 12])):
        node = {chance.choice(KEYS): node} if chance.random() < 0.5 else [node]
    body = json.dumps(node).encode()
    return body[: chance.randrange(len(body) + 1)] if chance.random() < 0.3 else body


def _node(chance, depth):
    if not depth or chance.random() < 0.3:
        return chance.choice(LEAVES)
    if chance.random() < 0.3:
        return [_node(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    keys = chance.sample(KEYS, chance.randint(0, 6))
    return {key: _node(chance, depth - 1) for key in keys}

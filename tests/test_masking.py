"""What was sent, without the values: the shape is enough to see what is wrong."""

import json

from engine.masking import mask_text, masked, shape


def test_values_go_and_shape_stays():
    payload = {
        "email": "ada.lovelace@example.com",
        "firstName": "Ada",
        "phone": "+32 2 555 01 02",
        "fields": {"7": "1815-12-10", "8": ""},
        "tags": ["VIP", "Née"],
        "active": True,
        "owner": None,
    }
    assert json.loads(masked(payload)) == {
        "email": "xxx.xxxxxxxx@xxxxxxx.xxx",
        "firstName": "Xxx",
        "phone": "+99 9 999 99 99",
        "fields": {"7": "9999-99-99", "8": ""},
        "tags": ["XXX", "Xxx"],
        "active": True,
        "owner": None,
    }


def test_numbers_keep_their_length_and_sign():
    assert json.loads(masked([1234, -12.5, 0, 1e20])) == [9999, -99.9, 0, 9e99]


def test_secrets_go_with_their_length():
    payload = {"Api-Token": "abc", "secret": ["x"], "key": "", "password": None}
    shown = json.loads(masked(payload))
    assert shown == {"Api-Token": "•••", "secret": "•••", "key": "", "password": None}


def test_odd_keys_are_masked_too():
    shown = masked({"ada@example.com": "1", "x" * 80: 2, "a b": 3, "field[7,0]": 4})
    assert "ada" not in shown
    assert '"xxx@xxxxxxx.xxx": "9"' in shown


def test_large_payloads_are_cut():
    payload = {"list": [*range(100)], "text": "y" * 5000, "deep": 1}
    for _ in range(30):
        payload["deep"] = {"deeper": payload["deep"]}
    shown = json.loads(masked(payload))
    assert shown["list"][-1] == "… 70"
    assert shown["text"].endswith("… (5000)")
    assert len(masked(payload)) < 2000
    assert json.loads(masked({str(n): n for n in range(99)}))["…"] == 69


def test_what_nobody_sees_is_shown():
    assert shape("a\u200bb\x00\n") == "x¿x¿¿"
    assert shape("Ω中é") == "Xxx"


def test_sentences_lose_their_addresses():
    text = 'Email "Ada.L+1@Example.com" exists; see <b@x.example.com>, not a@b.'
    shown = mask_text(text)
    assert "Example" not in shown and "b@x" not in shown
    assert shown.startswith('Email "Xxx.X+9@Xxxxxxx.xxx" exists; see <x@x.xxxxxxx.xxx>')
    assert mask_text("nothing here @ all") == "nothing here @ all"
    assert mask_text(None) == ""

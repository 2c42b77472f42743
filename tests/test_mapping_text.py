"""What text becomes on its way to ActiveCampaign."""

import pytest

from mapping import text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (None, ""),
        ("  A <b>bold</b>\tname\x00 ", "A bold name"),
        ("e\u0301", "\u00e9"),
        ("2 < 3 & 4 > 1", "2 < 3 & 4 > 1"),
        ("👨‍👩‍👧 محمد 李", "👨‍👩‍👧 محمد 李"),
        ("<!-- hidden -->shown", "shown"),
        ("\u200b\u2060 \u00a0", ""),
    ],
)
def test_clean(raw, clean):
    assert text.clean(raw) == clean


def test_endless_junk_is_cut_before_it_is_read():
    assert len(text.clean("<!--" * 1_000_000)) <= text.LONGEST
    assert text.split_name("N" * 1_000_000) == ("N" * 100, "")


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (" Ada@Example.COM ", "ada@example.com"),
        ("Ada Lovelace <ada@example.com>", "ada@example.com"),
        ("o'brien+tag@mail.example.com", "o'brien+tag@mail.example.com"),
        ("zoë@bücher.example", "zoë@bücher.example"),
    ],
)
def test_email(raw, address):
    assert text.email(raw) == address


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "no_email"),
        ("ada", "bad_email"),
        ("ada@example", "bad_email"),
        ("a da@example.com", "bad_email"),
        ("ada..b@example.com", "bad_email"),
        ("a@example.com; b@example.com", "many_emails"),
        ("a" * 65 + "@example.com", "long_email"),
    ],
)
def test_email_that_is_none(raw, reason):
    with pytest.raises(text.Skip) as skip:
        text.email(raw)
    assert skip.value.reason == reason


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", ("Ada", "Lovelace")),
        ("Lovelace, Ada", ("Ada", "Lovelace")),
        ("Ada", ("Ada", "")),
        ("Mary Ann Smith", ("Mary", "Ann Smith")),
    ],
)
def test_split_name(name, parts):
    assert text.split_name(name) == parts

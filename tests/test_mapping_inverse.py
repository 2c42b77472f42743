# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ActiveCampaign's texts mean for Odoo's fields."""

from datetime import date, datetime

import pytest

from mapping import inverse
from mapping.value import MappingError

LANGUAGES = [("en_US", "English"), ("it_IT", "Italian")]


@pytest.mark.parametrize(
    ("raw", "type_", "kind", "expected"),
    [
        (" Rome\n ", "text", "char", "Rome"),
        ("a <b>b</b>\nc", "textarea", "text", "a b\nc"),
        ("||Red||Blue||", "listbox", "char", "Red, Blue"),
        ("7", "number", "integer", 7),
        ("-2147483647", "number", "integer", -2147483647),
        ("7.0", "text", "integer", 7),
        ("1 234.5", "text", "float", 1234.5),
        ("-3", "number", "monetary", -3.0),
        ("2026-12-31", "date", "date", date(2026, 12, 31)),
        ("2026-12-31T23:59:05+01:00", "date", "date", date(2026, 12, 31)),
        (
            "2026-12-31T23:59:05-05:00",
            "datetime",
            "datetime",
            datetime(2027, 1, 1, 4, 59, 5),
        ),
        ("1", "text", "boolean", True),
        ("https://example.com/?a=b:c", "text", "website", "https://example.com/?a=b:c"),
        ("www.example.com:8080/x", "text", "website", "www.example.com:8080/x"),
        ("java\tscript:x", "text", "website", "java script:x"),
        ("No", "dropdown", "boolean", False),
    ],
)
def test_a_text_is_read_for_a_type(raw, type_, kind, expected):
    assert inverse.into(raw, type_, kind) == expected


def test_a_box_to_tick_is_a_boolean():
    options = ("Subscribed to news",)
    ticked = "||Subscribed to news||"
    assert inverse.into(ticked, "checkbox", "boolean", options=options) is True
    assert inverse.into("||||", "checkbox", "boolean", options=options) is False


def test_a_selection_is_found_by_value_or_label():
    for raw in ("it_IT", "ITALIAN", "||Italian||"):
        type_ = "listbox" if "|" in raw else "dropdown"
        assert inverse.into(raw, type_, "selection", LANGUAGES) == "it_IT"


@pytest.mark.parametrize(
    ("raw", "kind", "words"),
    [
        ("soon", "date", "is no date"),
        ("0000-00-00", "date", "is no date"),
        ("many", "float", "is no number"),
        ("1.5", "integer", "no whole number"),
        ("2147483648", "integer", "too large"),
        ("1e300", "integer", "is no number"),
        ("1e999", "float", "is no number"),
        ("perhaps", "boolean", "neither yes nor no"),
        ("javascript:alert(1)", "website", "no address"),
        (" JavaScript:1;alert(1)", "website", "no address"),
        ("data:text/html,<script>x</script>", "website", "no address"),
        ("vbscript:x", "website", "no address"),
        ("Klingon", "selection", "English, Italian"),
        ("x" * 20_001, "char", "20,001 characters"),
    ],
)
def test_what_does_not_fit_is_said(raw, kind, words):
    with pytest.raises(MappingError, match=words):
        inverse.into(raw, "text", kind, LANGUAGES)


def test_a_lookup_table_is_undone():
    table = {"en_US": "English", "en_GB": "English", "it_IT": "Italian"}
    assert inverse.looked_up("english", table) == "en_US"
    with pytest.raises(MappingError, match="Add a line"):
        inverse.looked_up("German", table)


def test_a_date_format_is_undone():
    read = inverse.parsed_date
    assert read("31.12.2026", "%d.%m.%Y", "date") == date(2026, 12, 31)
    assert read("31.12.2026", "%d.%m.%Y", "datetime") == datetime(2026, 12, 31)
    with pytest.raises(MappingError, match="31.12.2026"):
        read("2026-12-31", "%d.%m.%Y", "date")

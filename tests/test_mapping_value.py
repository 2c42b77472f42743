# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values as each type of ActiveCampaign field has them, there and back."""

import hashlib
from datetime import date, datetime

import pytest

from mapping import place, template, transform, value
from mapping.value import MappingError, NoOption

BIRTHDAY = date(2026, 12, 31)
MOMENT = datetime(2026, 12, 31, 23, 59, 5)
COLOURS = ("Red", "Dark Blue", "Grün")

FITTING = [
    ("text", ["two\nlines"], "two lines", "two lines"),
    ("text", ["a", "b"], "a, b", "a, b"),
    ("text", [True], "1", "1"),
    ("hidden", [0], "0", "0"),
    ("textarea", ["two <b>bold</b>\nlines"], "two bold\nlines", "two bold\nlines"),
    ("date", [BIRTHDAY], "2026-12-31", BIRTHDAY),
    ("date", [MOMENT], "2026-12-31", BIRTHDAY),
    ("date", ["2026-12-31"], "2026-12-31", BIRTHDAY),
    ("datetime", [MOMENT], "2026-12-31T23:59:05+00:00", MOMENT),
    (
        "datetime",
        [BIRTHDAY],
        "2026-12-31T00:00:00+00:00",
        datetime(2026, 12, 31),
    ),
    ("number", [0.1 + 0.2], "0.3", 0.3),
    ("number", ["1234.50"], "1234.5", 1234.5),
    ("number", [-0.0], "0", 0),
    ("currency", [12.345], "1235", 12.35),
    ("currency", [-3], "-300", -3),
    ("dropdown", ["dark blue"], "Dark Blue", "Dark Blue"),
    ("radio", ["GRÜN"], "Grün", "Grün"),
    ("listbox", ["red", "Red", "grün"], "||Red||Grün||", ["Red", "Grün"]),
    ("checkbox", ["Red"], "||Red||", ["Red"]),
    ("multiselect", ["Red", "Dark Blue"], "||Red||Dark Blue||", ["Red", "Dark Blue"]),
    ("text", [], "", None),
    ("date", [], "", None),
    ("number", [], "", None),
    ("checkbox", [], "", []),
    ("one_that_is_new", ["x"], "x", "x"),
]


@pytest.mark.parametrize(("type_", "values", "text", "back"), FITTING)
def test_there_and_back(type_, values, text, back):
    assert value.to_ac(values, type_, COLOURS) == text
    assert value.from_ac(text, type_) == back


@pytest.mark.parametrize(
    ("type_", "raw"),
    [
        ("number", "1.234,56"),
        ("number", "1,234.56"),
        ("number", "nan"),
        ("number", "infinity"),
        ("number", "1e999999999"),
        ("number", "-1e15"),
        ("currency", "1e999999999999999999999"),
        ("currency", 1e300),
        ("number", "twelve"),
        ("number", BIRTHDAY),
        ("currency", "12 €"),
        ("date", "31.12.2026"),
        ("date", "0000-00-00"),
        ("datetime", "tomorrow"),
        ("dropdown", "Pink"),
        ("checkbox", "Pink"),
        ("text", "x" * 20_001),
    ],
)
def test_what_does_not_fit_is_named(type_, raw):
    with pytest.raises(MappingError) as error:
        value.to_ac([raw], type_, COLOURS)
    assert str(raw)[:9] in str(error.value)
    assert str(error.value).endswith(".")
    assert len(str(error.value)) < 300


def test_several_values_do_not_fit_one_choice():
    with pytest.raises(MappingError, match="“Red”, “Grün”"):
        value.to_ac(["Red", "Grün"], "radio", COLOURS)


def test_missing_options_are_told_to_the_caller():
    with pytest.raises(NoOption) as error:
        value.to_ac(["Red", "Pink", "pink!", "Pink"], "listbox", COLOURS)
    assert error.value.missing == ("Pink", "pink!")


def test_one_box_is_ticked_by_a_boolean():
    assert value.to_ac([True], "checkbox", ("I agree",)) == "||I agree||"
    assert value.to_ac([False], "checkbox", ("I agree",)) == ""


@pytest.mark.parametrize(
    "raw", ["x" * 10_000, "שלום עולם", "👨‍👩‍👧 𝒜", "2 < 3 & 4 > 1"]
)
def test_odd_text_arrives_as_it_is(raw):
    assert value.to_ac([raw]) == raw
    assert value.to_ac([raw], "textarea") == raw
    assert value.from_ac(raw) == raw


@pytest.mark.parametrize(
    ("raw", "type_", "back"),
    [
        ("0000-00-00 00:00:00", "datetime", None),
        ("2026-12-31T23:00:00-05:00", "datetime", datetime(2027, 1, 1, 4)),
        ("2026-12-31T23:00:00-05:00", "date", BIRTHDAY),
        ("nonsense", "number", None),
        ("1e999", "number", None),
        ("-1e999999999", "currency", None),
        ("1e-999999999", "number", 0.0),
        ("9" * 10_000, "number", None),
        ("0001-01-01T00:00:00+05:00", "datetime", None),
        ("9999-12-31T23:59:59-05:00", "datetime", None),
        (12, "number", 12.0),
        (5500, "currency", 55.0),
        (["a", "b"], "multiselect", ["a", "b"]),
        (None, "text", None),
        (" ", "dropdown", None),
    ],
)
def test_what_answers_may_hold(raw, type_, back):
    assert value.from_ac(raw, type_) == back


# Transformations, on something that has fields as a record has ---------------------


class Field:
    def __init__(self, type_, groups=None):
        self.type = type_
        self.groups = groups
        self.relational = type_ == "many2one"


class Person:
    """What a record is to the mapping: fields, values, and itself in a loop."""

    _name = "res.partner"

    def __init__(self, **values):
        types = {bool: "boolean", Person: "many2one", date: "date"}
        self._values = values
        self._fields = {
            name: Field(types.get(type(each), "char")) for name, each in values.items()
        }
        self._fields["secret"] = Field("char", groups="base.group_system")

    def __iter__(self):
        return iter([self])

    def __len__(self):
        return 1

    def __getitem__(self, name):
        return self if isinstance(name, slice) else self._values[name]

    def mapped(self, name):
        return [self._values[name]]

    @property
    def display_name(self):
        return self._values["display_name"]


ITALY = Person(display_name="Italia", code="IT")
ADA = Person(
    name=" Ada  LOVELACE ", city="Roma", zip=None, birth=BIRTHDAY, country=ITALY
)


def text_of(source):
    return transform.CompiledMapping("1", "Label", source).value(ADA)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (transform.direct("country.code"), "IT"),
        (transform.direct("country"), "Italia"),
        (transform.direct("zip"), ""),
        (transform.lookup("country.code", {"it": "Italy"}), "Italy"),
        (transform.lookup("country.code", {}, "elsewhere"), "elsewhere"),
        (transform.lookup("zip", {}), ""),
        (transform.lookup("zip", {"": "unknown"}), "unknown"),
        (transform.concatenation(["city", "zip", "country.code"], " / "), "Roma / IT"),
        (transform.concatenation(["zip"], " / "), ""),
        (transform.constant("Odoo"), "Odoo"),
        (transform.formatted_date("birth", "%d.%m.%Y"), "31.12.2026"),
        (transform.digest("name"), hashlib.sha256(b"ada lovelace").hexdigest()),
        (transform.digest("zip"), ""),
        (transform.sealed("city", lambda text: text[::-1]), "amoR"),
        (transform.from_template("{{ object.city | upper }}"), "ROMA"),
        (transform.from_template("{{ object.zip }}{{ object.birth }}"), "2026-12-31"),
        (
            transform.from_template(
                "{% if object.zip %}Z{% else %}{{ object.country.code }}{% endif %}"
            ),
            "IT",
        ),
        (transform.from_template("{{ object.country }}"), "Italia"),
        (transform.from_template(" {{ object.zip }} "), ""),
    ],
)
def test_transformation(source, text):
    assert text_of(source) == text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (transform.lookup("country.code", {"FR": "France"}), "“IT” has no entry"),
        (transform.formatted_date("city", "%d"), "“Roma” is no date"),
        (transform.from_template("{{ object.nonsense }}"), "nonsense"),
        (transform.from_template("{{ object.city / 0 }}"), "template"),
        (transform.from_template("{{ nobody.city }}"), "nobody"),
        (transform.from_template("{{ object.secret }}"), "not open"),
        (transform.from_template("{{ object._records }}"), "unsafe"),
        (transform.from_template("{{ object['_records'] }}"), "template"),
        (transform.from_template("{{ object.mapped('city') }}"), "mapped"),
        (transform.from_template("{{ object.city.__class__ }}"), "unsafe"),
        (transform.from_template("{{ 'x' * 9999999999 }}"), "product of two numbers"),
        (transform.from_template("{{ 9 ** 9 ** 9 ** 9 }}"), "product of two numbers"),
        (transform.from_template("{% for i in range(9) %}{% endfor %}"), "range"),
    ],
)
def test_transformation_that_fails_names_field_and_reason(source, words):
    with pytest.raises(MappingError, match="^Field “Label”: ") as error:
        text_of(source)
    assert words in str(error.value)


@pytest.mark.parametrize("source", ["{{ object.", "{% if %}", "{{ 1 | no_filter }}"])
def test_malformed_template(source):
    with pytest.raises(MappingError, match="not well-formed"):
        template.compiled(source)


def test_no_template_goes_round_the_sandbox():
    """Jinja2 3.1.5 let `attr` fetch what its sandbox would have wrapped."""
    with pytest.raises(MappingError, match="No filter named 'attr'"):
        template.compiled("{{ ('{0._records}'|attr('format'))(object) }}")


def test_paths_of_a_template():
    source = "{{ object.a }} {% if object.b.c %}{{ object.b.c.d | lower }}{% endif %}"
    assert template.paths(source) == {"a", "b.c.d"}
    assert template.paths("{{ broken") == set()


def test_spellings_of_a_place():
    assert place.key("Côte d’Ivoire") == place.key(" cote D'IVOIRE")
    assert place.key("U.S.A.") == "usa"
    assert place.key("ประเทศไทย") and place.key("…%") == ""


def test_address_in_one_line():
    assert place.one_line("Via Roma 1", None, "00100", "Roma", "", "Italy") == (
        "Via Roma 1, 00100 Roma, Italy"
    )
    assert place.one_line() == ""

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values of Odoo fields as ActiveCampaign spells them, type by type, and back.

An Odoo field gives a list of plain values (`read`); a type of AC makes one text of
them (`to_ac`), or says in words for people why it cannot. Contacts know `text`,
`textarea`, `hidden`, `date`, `datetime`, `dropdown`, `listbox`, `radio`, `checkbox`
and `number` (OAS create-a-contact-custom-field); accounts and deals also `currency`
and `multiselect` (OAS accountCustomFieldMeta).
"""

import html
import re
from datetime import date, datetime, time, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from . import text

CHOICE = ("dropdown", "radio")
CHOICES = ("listbox", "checkbox", "multiselect")
DECIMALS = 6
"""Of a number: what is behind them is noise of floating point."""
DIGITS = 15
"""Before the point; more a computer's number does not keep, and "1e999999999" written
out would fill the memory."""
SHOWN_OPTIONS = 8

_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6])\s*>", re.IGNORECASE)
_PARTS = re.compile(r"\|\|")


class MappingError(ValueError):
    """A value does not fit its ActiveCampaign field; the text is for people."""


class NoOption(MappingError):
    """The values are no options of the field yet.

    :param missing: tuple of texts
    """

    def __init__(self, message, missing):
        super().__init__(message)
        self.missing = missing


def shown(raw):
    """Return a value for an error message: in quotes, and not longer than a line."""
    line = " ".join(str(raw).split())
    return f"“{line[:57]}…”" if len(line) > 58 else f"“{line}”"


# From Odoo ------------------------------------------------------------------------


def read(record, path):
    """Return the values at the dotted `path` of `record` as a list.

    Text, numbers, dates and booleans as Odoo has them; records by their names; what
    is empty is left out.
    """
    *steps, name = path.split(".")
    for step in steps:
        record = record[step]
    return [value for row in record for value in _values(row[name], row._fields[name])]


def _values(value, field):
    if field.relational:
        return [each.display_name for each in value if each.display_name]
    if field.type == "boolean":
        return [bool(value)]
    if value is None or value is False or value == "":
        return []
    return [_of_html(str(value)) if field.type == "html" else value]


def _of_html(markup):
    """Return the text of an HTML field, with a line for each of its blocks."""
    lines = _BREAK.sub("\n", " ".join(markup.split())).split("\n")
    return html.unescape("\n".join(_clean(line) for line in lines))


def plain(value):
    """Return one value as text that may have several lines; dates ISO 8601 (UTC)."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | int | Decimal):
        return _decimal(value)
    return _lines(str(value))


def _lines(raw):
    lines = _BREAK.sub("\n", raw) if "<" in raw else raw
    return "\n".join(map(_clean, lines.splitlines())).strip()


def _clean(line):
    """Return a line as text; too long a one is an error, because it would be cut."""
    if len(line) > text.LONGEST:
        raise MappingError(
            f"{shown(line)} has {len(line):,} characters; at most {text.LONGEST:,} are "
            "sent. Shorten it."
        )
    return text.clean(line)


def one_line(value):
    """Return one value as text of one line."""
    return " ".join(plain(value).split())


def _decimal(number):
    digits = f"{Decimal(str(number)):.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


# To ActiveCampaign ----------------------------------------------------------------


def to_ac(values, type_="text", options=()):
    """Return the text that AC stores for `values` in a field of its `type_`.

    :param options: the texts of which a dropdown, radio, listbox, checkbox or
        multiselect takes one or several
    :raise MappingError: the values do not fit; in words for people
    """
    if type_ in CHOICE:
        return _choice(values, options)
    if type_ in CHOICES:
        return _choices(values, options)
    texts = [_WRITERS.get(type_, one_line)(value) for value in values]
    return ("\n" if type_ == "textarea" else ", ").join(filter(None, texts))


def _choice(values, options):
    found = _options(values, options)
    if len(found) > 1:
        names = ", ".join(map(shown, found))
        raise MappingError(f"the field takes one value, these are several: {names}")
    return found[0] if found else ""


def _choices(values, options):
    if len(options) == 1 and values in ([True], [False]):  # a box to tick
        values = list(options) if values[0] else []
    found = _options(values, options)
    return f"||{'||'.join(found)}||" if found else ""


def _options(values, options):
    """Return the options that `values` mean, spelled as AC spells them, each once."""
    known = {option.casefold(): option for option in options}
    texts = [each for value in values if (each := one_line(value))]
    missing = tuple(dict.fromkeys(t for t in texts if t.casefold() not in known))
    if missing:
        raise NoOption(_no_option(missing, options), missing)
    return list(dict.fromkeys(known[each.casefold()] for each in texts))


def _no_option(missing, options):
    has = ", ".join(list(options)[:SHOWN_OPTIONS]) or "none yet"
    more = " …" if len(options) > SHOWN_OPTIONS else ""
    return (
        f"{', '.join(map(shown, missing))} is not among the field's options in "
        f"ActiveCampaign ({has}{more}). Add the option there, translate the value "
        "with a lookup table, or tick “Create Options” on the mapping."
    )


def _date(value):
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else _moment(value)[:10]


def _datetime(value):
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return plain(value) if isinstance(value, datetime) else _moment(value)


def _moment(value):
    moment = parse_moment(one_line(value))
    if moment is None:
        raise MappingError(
            f"{shown(value)} is no date. Write it as 2026-12-31, or map a date field."
        )
    return plain(moment)


def _number(value):
    number = _parsed(plain(value))
    if number is None:
        raise MappingError(
            f"{shown(value)} is no number. Write it with a decimal point and without "
            "separators of thousands, such as 1234.56, or map a number field."
        )
    return _decimal(number)


def _parsed(raw):
    """Return the number of a text, None where it is none or has too many digits."""
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < DIGITS else None


def _cents(value):
    cents = Decimal(_number(value)) * 100
    return str(cents.quantize(Decimal(1), ROUND_HALF_UP))


_WRITERS = {
    "textarea": plain,
    "date": _date,
    "datetime": _datetime,
    "number": _number,
    "currency": _cents,
}


# From ActiveCampaign --------------------------------------------------------------


def from_ac(raw, type_="text"):
    """Return what AC's text means in a field of its `type_`.

    str for text and one choice, list of str for several, date, datetime (UTC, naive,
    as Odoo stores it), float for a number; an amount of cents becomes units. Nothing,
    and what cannot be read, is None, or [] for several.
    """
    if type_ in CHOICES:
        return parts(raw)
    raw = str(raw).strip() if raw is not None else ""
    return _READERS.get(type_, str)(raw) if raw else None


def parts(raw):
    """Return the texts of ``||a||b||``, or of the list that some answers have."""
    given = raw if isinstance(raw, list) else _PARTS.split(str(raw or ""))
    return [part for part in (str(each).strip() for each in given) if part]


def parse_moment(raw):
    """Return the naive UTC datetime of an ISO 8601 text, or None."""
    try:
        moment = datetime.fromisoformat(raw.replace("Z", "+00:00"))
        if moment.tzinfo:
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None  # also AC's "0000-00-00", which means no date
    return moment


def _read_date(raw):
    """Of a moment the date that was written: a time zone must not change a birthday."""
    moment = parse_moment(raw[:10])
    return moment and moment.date()


def _read_number(raw):
    number = _parsed(raw)
    return None if number is None else float(number)


def _read_cents(raw):
    number = _read_number(raw)
    return None if number is None else number / 100


_READERS = {
    "date": _read_date,
    "datetime": parse_moment,
    "number": _read_number,
    "currency": _read_cents,
}

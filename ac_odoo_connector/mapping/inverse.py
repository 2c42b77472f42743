# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a text of ActiveCampaign means for one field of Odoo.

`into` reads it for a type of Odoo field, `looked_up` undoes a lookup table and
`parsed_date` a date format. All say in words for people why they cannot.
"""

import re
from datetime import date, datetime

from . import text, value
from .value import MappingError, shown

_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+-]*:", re.IGNORECASE)
LARGEST = 2**31 - 1
"""What a whole number of Odoo's may be."""
YES = ("1", "true", "yes", "y", "on", "x", "checked")
NO = ("0", "false", "no", "n", "off", "unchecked")


def into(raw, type_, kind, choices=(), options=()):
    """Return the value of an Odoo field of type `kind` that AC's text means.

    :param raw: text of a field of AC's `type_` ("text", "date", "checkbox" …), not empty
    :param kind: the field's type, "website" for a link
    :param choices: ``[(value, label)]`` of a selection
    :param options: those of AC's field; a box to tick has one
    :raise MappingError: the text is no such value; with what to do
    """
    if kind == "boolean":
        return _boolean(raw, type_, options)
    if type_ in value.CHOICES:
        raw = ", ".join(value.parts(raw))
    return _selection(raw, choices) if kind == "selection" else KINDS[kind](raw)


def _boolean(raw, type_, options):
    if type_ in value.CHOICES and len(options) == 1:
        return any(
            part.casefold() == options[0].casefold() for part in value.parts(raw)
        )
    word = raw.strip("| ").casefold()
    if word in YES or word in NO:
        return word in YES
    raise MappingError(f"{shown(raw)} is neither yes nor no. Write 1 or 0.")


def _selection(raw, choices):
    """By its technical value, else by its label; case does not count."""
    wanted = raw.strip().casefold()
    for position in (0, 1):
        for choice in choices:
            if str(choice[position]).casefold() == wanted:
                return choice[0]
    known = ", ".join(str(label) for _value, label in choices[: value.SHOWN_OPTIONS])
    raise MappingError(f"{shown(raw)} is none of the field's values in Odoo ({known}).")


def _line(raw):
    _check_length(raw)
    return text.clean(raw)


def _website(raw):
    """Odoo makes a link of it on public pages, of whatever kind it is."""
    line = _line(raw)
    if _OTHER_SCHEME.match(line):
        raise MappingError(
            f"{shown(raw)} is no address of a website. Write it as https://example.com."
        )
    return line


def _lines(raw):
    _check_length(raw)
    return value.plain(raw)


def _check_length(raw):
    if len(raw) > text.LONGEST:
        raise MappingError(
            f"{shown(raw)} has {len(raw):,} characters; at most {text.LONGEST:,} are "
            "taken over."
        )


def _float(raw):
    number = value.from_ac(raw.replace(" ", ""), "number")
    if number is None:
        raise MappingError(
            f"{shown(raw)} is no number. Write it with a decimal point and without "
            "separators of thousands, such as 1234.56."
        )
    return number


def _integer(raw):
    number = _float(raw)
    if not number.is_integer():
        raise MappingError(f"{shown(raw)} is no whole number, as Odoo's field wants.")
    if abs(number) > LARGEST:
        raise MappingError(f"{shown(raw)} is too large for Odoo's field.")
    return int(number)


def _date(raw):
    return _moment_of(raw, "date")


def _datetime(raw):
    return _moment_of(raw, "datetime")


def _moment_of(raw, type_):
    moment = value.from_ac(raw, type_)
    if moment is None:
        raise MappingError(f"{shown(raw)} is no date. Write it as 2026-12-31.")
    return moment


KINDS = {
    "char": _line,
    "text": _lines,
    "website": _website,
    "integer": _integer,
    "float": _float,
    "monetary": _float,
    "date": _date,
    "datetime": _datetime,
}
"""Types of Odoo fields that one text can be read for, beside those named above; of a
link to a website its name."""


def looked_up(raw, table):
    """Return Odoo's text for one of a lookup table; of several the first.

    :param table: ``{Odoo text: AC text}``
    :raise MappingError: no line leads to this text
    """
    wanted = raw.strip("| ").casefold()
    for ours, theirs in table.items():
        if theirs.strip().casefold() == wanted:
            return ours
    raise MappingError(
        f"{shown(raw)} is no ActiveCampaign value of the lookup table. Add a line for it."
    )


def parsed_date(raw, pattern, kind):
    """Return the date or the datetime (UTC) that was written by a pattern of strftime.

    :param kind: "date" or "datetime"
    :raise MappingError: it was written otherwise
    """
    try:
        moment = datetime.strptime(raw.strip(), pattern)
    except ValueError:
        example = date(2026, 12, 31).strftime(pattern)
        raise MappingError(
            f"{shown(raw)} is no date written as {shown(example)}."
        ) from None
    return moment.date() if kind == "date" else moment

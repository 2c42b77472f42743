# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the values of a record become the text of one ActiveCampaign field.

A *source* is a function ``record -> [value, ...]``; the functions below make the
sources of all transformations. `CompiledMapping` joins a source with the field.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from . import template, value
from .value import MappingError, NoOption, one_line, shown


@dataclass(frozen=True)
class CompiledMapping:
    """One line of the field mapping, ready for any number of records.

    `ac_id` the AC field (str); `label` what people call it; `policy` "always",
    "empty" or "never"; `direction` "to_ac", "both" or "from_ac"; `path` the Odoo
    field where the mapping is direct, else ""; `type` and `options` of the AC field;
    `source` see above; `currency_of` gives the currency code of an amount;
    `creates` options that are missing are made by a job; `back(text, record, values)`
    gives the ``{Odoo field: value}`` that AC's text means, None where nothing is taken
    over.
    """

    ac_id: str
    label: str
    source: Callable
    policy: str = "always"
    direction: str = "to_ac"
    path: str = ""
    type: str = "text"
    options: tuple = ()
    creates: bool = False
    currency_of: Callable | None = None
    back: Callable | None = None

    def value(self, record):
        """Return the text that AC is to store for `record` (str, "" for nothing).

        :raise MappingError: which field, which value, what to do
        """
        try:
            return value.to_ac(self.source(record), self.type, self.options)
        except NoOption as error:
            raise NoOption(self._no_option(error), error.missing) from error
        except MappingError as error:
            raise MappingError(f"Field “{self.label}”: {error}") from error

    def _no_option(self, error):
        if not self.creates:
            return f"Field “{self.label}”: {error}"
        names = ", ".join(map(shown, error.missing))
        return (
            f"Field “{self.label}”: {names} is not yet among its options in "
            "ActiveCampaign. It is added within the hour and the record sent again; "
            "“Create Missing Options” on the mapping does it at once."
        )

    def currency(self, record):
        """Return the code of an amount's currency ("EUR"), or None."""
        return self.currency_of(record) if self.currency_of else None

    def missing_options(self, record):
        """Return the texts of `record` that are no options of the field yet."""
        try:
            value.to_ac(self.source(record), self.type, self.options)
        except NoOption as error:
            return set(error.missing)
        except MappingError:  # another reason: the record's own message names it
            return set()
        return set()


def direct(path):
    """The values as they are."""
    return lambda record: value.read(record, path)


def lookup(path, table, default=""):
    """Every value translated by `table` (``{Odoo text: AC text}``, case ignored)."""
    known = {key.strip().casefold(): text for key, text in table.items()}

    def source(record):
        texts = [one_line(each) for each in value.read(record, path)] or [""]
        return [each for text in texts if (each := _looked_up(known, text, default))]

    return source


def _looked_up(known, text, default):
    found = known.get(text.casefold(), default)
    if found or not text:
        return found
    raise MappingError(
        f"{shown(text)} has no entry in the lookup table of the mapping. Add a line "
        "for it, or give the table a default."
    )


def concatenation(paths, separator):
    """The values of several fields in one text; empty parts are dropped."""

    def source(record):
        texts = [one_line(each) for path in paths for each in value.read(record, path)]
        joined = separator.join(text for text in texts if text)
        return [joined] if joined else []

    return source


def from_template(text):
    """What a template gives for the record.

    :raise MappingError: the template is not well-formed
    """
    compiled = template.compiled(text)

    def source(record):
        result = template.rendered(compiled, record)
        return [result] if result.strip() else []

    return source


def constant(text):
    """The same text for every record."""
    return lambda record: [text]


def formatted_date(path, pattern):
    """Dates written by a pattern of strftime; datetimes in UTC."""

    def source(record):
        return [_formatted(each, pattern) for each in value.read(record, path)]

    return source


def _formatted(moment, pattern):
    if not isinstance(moment, date):
        moment = value.parse_moment(one_line(moment)) or moment
    if not isinstance(moment, date):
        raise MappingError(
            f"{shown(moment)} is no date. Map a date field, or choose “As It Is”."
        )
    return moment.strftime(pattern)


def digest(path):
    """The SHA-256 (64 hexadecimal characters) of each value.

    Normalised before, as advertising platforms want it: one line, NFC, lower case.
    """

    def source(record):
        texts = [one_line(each).lower() for each in value.read(record, path)]
        return [hashlib.sha256(text.encode()).hexdigest() for text in texts if text]

    return source


def sealed(path, seal):
    """Each value encrypted by `seal` (``str -> str``, always the same for the same)."""

    def source(record):
        texts = [one_line(each) for each in value.read(record, path)]
        return [seal(text) for text in texts if text]

    return source

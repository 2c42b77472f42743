# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Templates of field mappings: text with ``{{ object.city }}``, in a sandbox.

A template sees values, never records: it can read fields and follow them, but not
call a method of Odoo, write, or reach the environment.
"""

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .value import MappingError, plain, shown

LONGEST_RESULT = 100_000


class Row:
    """What a template sees of Odoo records: the values of their fields."""

    __slots__ = ("_records",)

    def __init__(self, records):
        self._records = records

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        field = self._records._fields.get(name)
        if field is None or field.groups:
            why = "is not open to everybody" if field else "is not one of its fields"
            raise MappingError(
                f"the template reads “{name}” of {self._records._name}, which {why}. "
                "Correct the template of the mapping."
            )
        value = self._records[:1][name]
        return Row(value) if field.relational else value

    def __iter__(self):
        return (Row(record) for record in self._records)

    def __len__(self):
        return len(self._records)

    def __str__(self):
        return ", ".join(name for name in self._records.mapped("display_name") if name)


class Sandbox(ImmutableSandboxedEnvironment):
    """Neither huge numbers nor huge texts by a few characters."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context, operator, left, right):
        if isinstance(left, float | int) and isinstance(right, float | int):
            if operator == "*":
                return left * right
        raise SecurityError(f"“{operator}” is for the product of two numbers only")


def _written(value):
    """How a value reads in the text: nothing for what is empty, ISO 8601 for dates."""
    if value is None or value is False:
        return ""
    return str(value) if isinstance(value, Row | str) else plain(value)


_SANDBOX = Sandbox(undefined=StrictUndefined, finalize=_written, autoescape=False)
_SANDBOX.globals.pop("range", None)
_SANDBOX.globals.pop("lipsum", None)
_SANDBOX.filters.pop("attr")  # a way past the sandbox in some releases: CVE-2025-27516


def compiled(source):
    """Return the template that :func:`rendered` takes.

    :raise MappingError: it is not well-formed; with the line
    """
    try:
        return _SANDBOX.from_string(source)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f"line {line}: " if line else ""
        raise MappingError(
            f"The template is not well-formed: {where}{error}"
        ) from error


def rendered(template, record):
    """Return the text of a template for one record.

    :raise MappingError: an unknown field, a forbidden step, a division by zero …
    """
    try:
        result = template.render(object=Row(record))
    except MappingError:
        raise
    except Exception as error:  # a template is a program of its own
        raise MappingError(
            f"the template cannot be filled in for this record: {shown(error)}. "
            "Correct the template of the mapping."
        ) from error
    if len(result) > LONGEST_RESULT:
        raise MappingError(f"the template gives {len(result):,} characters")
    return result


def paths(source):
    """Return the dotted field paths that a template names after ``object``."""
    try:
        tree = _SANDBOX.parse(source or "")
    except TemplateError:
        return set()
    chains = {chain for node in tree.find_all(nodes.Getattr) if (chain := _chain(node))}
    return {c for c in chains if not any(o.startswith(f"{c}.") for o in chains)}


def _chain(node):
    names = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    if isinstance(node, nodes.Name) and node.name == "object":
        return ".".join(reversed(names))
    return None

"""Values of custom fields of accounts and deals: what AC takes for each type."""

from datetime import datetime

from .errors import Refused

TYPES = (
    "text textarea date datetime dropdown multiselect radio checkbox hidden currency "
    "number"
).split()
SEVERAL = ("multiselect", "checkbox")


def checked(field, value):
    """The value to store, or the 422 that names value and type."""
    if value in (None, "", []):
        return None
    if CHECKS.get(field["fieldType"], is_text)(field, value):
        return split(value) if field["fieldType"] in SEVERAL else value
    text = (
        f"The custom field value `{value}` could not be saved to the custom field of "
        f"type `{field['fieldType']}`."
    )
    raise Refused(422, {"errors": [{"detail": text}]})


def split(value):
    """`||a||b||` or a list as a list."""
    if isinstance(value, list):
        return value
    return [part for part in str(value).split("||") if part]


def is_text(field, value):
    """Any plain value."""
    return not isinstance(value, (dict, list))


def is_date(field, value):
    """A date, with or without a time."""
    try:
        datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


def is_number(field, value):
    """A decimal number."""
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def is_cents(field, value):
    """An amount of money: whole cents."""
    return str(value).lstrip("-").isdigit()


def is_choice(field, value):
    """One of the field's options."""
    return value in (field.get("fieldOptions") or [])


def are_choices(field, value):
    """Some of the field's options."""
    return all(is_choice(field, part) for part in split(value))


CHECKS = {
    "date": is_date,
    "datetime": is_date,
    "number": is_number,
    "currency": is_cents,
    "dropdown": is_choice,
    "radio": is_choice,
    "multiselect": are_choices,
    "checkbox": are_choices,
}

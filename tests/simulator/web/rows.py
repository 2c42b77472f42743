"""What tables of the first page have in common."""

from ..account import number

SHOWN = 12


def latest(rows, count=SHOWN):
    """The newest records first."""
    return list(reversed(list(rows.values())[-count:]))


def money(cents, currency):
    """Cents as units with the currency, which stays on the same line."""
    return f"{number(cents) / 100:,.2f}\N{NO-BREAK SPACE}{str(currency).upper()}"

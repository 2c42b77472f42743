# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Amounts of Odoo as ActiveCampaign wants them.

AC holds the value of a deal as a whole number of hundredths of the currency's unit,
whatever the currency is (OAS create-a-deal-new: "deal's value in cents"): 1235 yen are
123500, 1.235 Kuwaiti dinars are 124; the third decimal of a dinar has no place there.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

HUNDREDTH = Decimal("0.01")


class Amounts(NamedTuple):
    """What an order is worth: `value` in hundredths, `currency` as AC writes it."""

    value: int
    currency: str


def converted(amount, rate=1.0, to_rate=1.0):
    """Return an amount (Decimal, not rounded) in another currency.

    :param rate: of the amount's currency, `to_rate` of the other one; both are
        units for one unit of the company's currency, as Odoo stores them
    """
    return Decimal(str(amount)) * Decimal(str(to_rate)) / Decimal(str(rate))


def hundredths(amount, rounding=0.01):
    """Return an amount as AC holds it; rounded once, halves away from zero.

    :param rounding: of the currency in Odoo (1 for yen, 0.05 for francs in cash);
        finer than a hundredth is not possible over there
    """
    step = max(Decimal(str(rounding)), HUNDREDTH)
    steps = (Decimal(amount) / step).quantize(Decimal(1), ROUND_HALF_UP)
    return int(steps * step * 100)


def decimals(rounding):
    """Return how many decimals a currency shows: 0.001 → 3, 0.05 → 2, 1 → 0."""
    return max(0, -Decimal(str(rounding)).normalize().as_tuple().exponent)


def shown(amount, digits=2):
    """Return an amount as text with this many decimals, "-0.00" as "0.00"."""
    step = Decimal(1).scaleb(-digits)
    return f"{Decimal(str(amount)).quantize(step, ROUND_HALF_UP) + 0:f}"

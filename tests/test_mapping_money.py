"""Amounts as ActiveCampaign holds them: hundredths of the unit, whatever the currency."""

import pytest

from mapping.money import converted, decimals, hundredths, shown

JPY, EUR, KWD, CHF_CASH = 1.0, 0.01, 0.001, 0.05


@pytest.mark.parametrize(
    ("amount", "rounding", "value"),
    [
        (1235, JPY, 123500),
        (1234.5, JPY, 123500),
        (1234.49, JPY, 123400),
        (0.1 + 0.2, EUR, 30),
        (1.005, EUR, 101),
        (2.675, EUR, 268),
        (19.99, EUR, 1999),
        (1.234, KWD, 123),
        (1.235, KWD, 124),
        (1.2345, KWD, 123),  # rounded once: by way of 1.235 it would be 124
        (10.02, CHF_CASH, 1000),
        (10.03, CHF_CASH, 1005),
        (-1.005, EUR, -101),
        (99_999_999_999.99, EUR, 9_999_999_999_999),
        (0, EUR, 0),
    ],
)
def test_hundredths(amount, rounding, value):
    assert hundredths(converted(amount), rounding) == value


@pytest.mark.parametrize(
    ("amount", "rate", "to_rate", "rounding", "value"),
    [
        (100.0, 1.0, 1.1, EUR, 11000),
        (110.0, 1.1, 1.0, EUR, 10000),
        (10.0, 1.0, 163.47, JPY, 163500),
        (10.0, 163.47, 1.0, EUR, 6),
        (100.0, 1.1, 0.334, KWD, 3036),
        (1.0, 3.0, 1.0, EUR, 33),
        (2.0, 3.0, 1.0, EUR, 67),
    ],
)
def test_conversion(amount, rate, to_rate, rounding, value):
    assert hundredths(converted(amount, rate, to_rate), rounding) == value


@pytest.mark.parametrize(
    ("rounding", "digits"), [(1.0, 0), (10.0, 0), (0.01, 2), (0.05, 2), (0.001, 3)]
)
def test_decimals(rounding, digits):
    assert decimals(rounding) == digits


@pytest.mark.parametrize(
    ("amount", "digits", "text"),
    [(1, 2, "1.00"), (-0.001, 2, "0.00"), (1e9, 2, "1000000000.00"), (5.5, 0, "6")],
)
def test_shown(amount, digits, text):
    assert shown(amount, digits) == text

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The lines of an order as the text of one note on its deal."""

from html import escape

from . import money, text

MARKER = "[Odoo order lines]"
"""First line of our note; a note is known by it when its id was lost."""
LONGEST_LINE = 200
MOST_LINES = 200
_HEADINGS = ("line_section", "line_subsection")
_COLUMNS = ("Name", "Quantity", "Unit Price", "Discount", "Subtotal")


def written(order, with_tax=False):
    """Return the note: a table of lines, sections as headings, the total; "" for none.

    HTML is escaped, because ActiveCampaign shows notes as such.

    :param with_tax: subtotals and total with tax, as the deal's value
    """
    lines = list(order.order_line)  # in the order of the form
    if not lines:
        return ""
    digits = money.decimals(order.currency_id.rounding)
    rows = [_row(line, digits, with_tax) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        rows.append(f"… {len(lines) - MOST_LINES} more")
    total = order.amount_total if with_tax else order.amount_untaxed
    code = order.currency_id.name
    head = [f"{MARKER} {_clean(order.name)}", " | ".join(_COLUMNS)]
    return "\n".join([*head, *rows, f"Total: {money.shown(total, digits)} {code}"])


def is_ours(note):
    """Whether the text of a note over there was written by `written`."""
    return text.clean(str(note or "")).startswith(MARKER)


def _row(line, digits, with_tax):
    name = _clean(line.name or line.product_id.display_name)
    if line.display_type in _HEADINGS:
        return f"== {name} =="
    if line.display_type:
        return f"-- {name}"
    subtotal = line.price_total if with_tax else line.price_subtotal
    discount = _plain(line.discount)
    return " | ".join(
        (
            name,
            _plain(line.product_uom_qty),
            money.shown(line.price_unit, digits),
            f"{discount}%" if line.discount else "",
            money.shown(subtotal, digits),
        )
    )


def _clean(name):
    return escape(text.clean(name, LONGEST_LINE), quote=False)


def _plain(number):
    whole, _, part = money.shown(number, 4).partition(".")
    part = part.rstrip("0")
    return f"{whole}.{part}" if part else whole

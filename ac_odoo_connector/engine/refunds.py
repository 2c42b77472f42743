# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was paid back of orders: posted credit notes, less what was invoiced anew."""

from collections import defaultdict

from odoo.tools import SQL


def of(orders):
    """Return ``{order id: amount}`` in the order's currency, without those of nothing.

    One query for all. What a credit note has taken back and a new invoice has charged
    again is no refund.
    """
    invoiced, refunded = _invoiced(orders)
    amounts = {}
    for order in orders.browse(refunded):
        net = invoiced[order.id] - refunded[order.id]
        amount = min(refunded[order.id], order.amount_total - net)
        if order.currency_id.compare_amounts(amount, 0) > 0:
            amounts[order.id] = order.currency_id.round(amount)
    return amounts


def _invoiced(orders):
    """Return ``({order id: invoiced}, {order id: refunded})``."""
    sums = {"out_invoice": defaultdict(float), "out_refund": defaultdict(float)}
    for order_id, kind, currency_id, date, amount in _rows(orders):
        order = orders.browse(order_id).with_prefetch(orders.ids)
        currency = order.env["res.currency"].browse(currency_id)
        if currency != order.currency_id:
            company = order.company_id
            amount = currency._convert(amount, order.currency_id, company, date)
        sums[kind][order_id] += amount
    return sums["out_invoice"], sums["out_refund"]


def _rows(orders):
    for model in ("account.move", "account.move.line", "sale.order.line"):
        orders.env[model].flush_model()
    orders.env.cr.execute(
        SQL(
            """
            SELECT line.order_id, m.move_type, m.currency_id,
                COALESCE(m.invoice_date, m.date), sum(l.price_total)
            FROM (
                SELECT DISTINCT s.order_id, rel.invoice_line_id AS id
                FROM sale_order_line s JOIN sale_order_line_invoice_rel rel
                    ON rel.order_line_id = s.id
                WHERE s.order_id = ANY(%s)
            ) line JOIN account_move_line l ON l.id = line.id
                JOIN account_move m ON m.id = l.move_id
            WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')
            GROUP BY 1, 2, 3, 4
            """,
            orders.ids,
        )
    )
    return orders.env.cr.fetchall()

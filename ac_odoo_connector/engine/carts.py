# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Abandoned carts: quotations of the website that nobody has touched for some hours.

They go by REST, GraphQL knows none; see `order_rest`. Whether an order was made on the
website is only known where `website_sale` is installed.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..mapping.registry import OBJECTS

MADE_ON_WEBSITE = "website_id"
"""The field of `sale.order` that says so."""
QUOTATION = ("draft", "sent")
MOST = 1000
"""Carts that one cron takes; the rest waits for the next."""


def available(env):
    """Whether this Odoo knows which orders are carts."""
    return MADE_ON_WEBSITE in env["sale.order"]._fields


def left(config, orders, links):
    """Return ``{order id: when it was left}`` of those that are carts in ActiveCampaign.

    One that is a cart over there stays one until it is confirmed; one that was an order
    before never becomes one.

    :param links: ``{order id: what AC has been told}`` of those that are over there
    """
    known = {id_ for id_, told in links.items() if told.get("cart")}
    carts = orders.filtered(lambda o: o.id in known and o.state in QUOTATION)
    new = orders.filtered(lambda o: o.id not in links and o.state in QUOTATION)
    if new and _wanted(config):
        carts |= new.search([("id", "in", new.ids), *_domain(config)])
    return {order.id: _moment(order) for order in carts}


def mark(config):
    """Mark the carts that have been left since they were last looked at.

    As something new: only what is not history starts an automation.
    """
    if not (_wanted(config) and config.sync_orders):
        return
    orders = config.env["sale.order"]
    query = orders._search(_domain(config) + config._domain(OBJECTS["order"]))
    query.add_where(_not_looked_at(config, SQL.identifier(orders._table)))
    query.limit = MOST
    orders.browse(query)._ac_mark(["order"])


def _wanted(config):
    return config.cart_hours > 0 and available(config.env)


def _domain(config):
    """What was left before the account wanted carts is history: nobody shall be
    reminded of the carts of ten years."""
    limit = _limit(config)
    first = (config.carts_since or limit) - timedelta(hours=config.cart_hours)
    return [
        (MADE_ON_WEBSITE, "!=", False),
        ("state", "in", QUOTATION),
        ("partner_id.email", "!=", False),
        ("order_line", "!=", False),
        ("write_date", "<=", limit),
        "!",
        ("order_line.write_date", ">", limit),
        "|",
        ("write_date", ">=", first),
        ("order_line.write_date", ">=", first),
    ]


def _limit(config):
    return fields.Datetime.now() - timedelta(hours=config.cart_hours)


def _moment(order):
    return max([order.write_date, *order.order_line.mapped("write_date")])


def _not_looked_at(config, table):
    """Return the condition for carts that were not marked since they are abandoned."""
    return SQL(
        """NOT EXISTS (
            SELECT 1 FROM ac_binding b
            WHERE b.config_id = %s AND b.object = 'order' AND b.res_id = %s.id
                AND b.marked_at >= %s * INTERVAL '1 hour' + GREATEST(%s.write_date, (
                    SELECT max(l.write_date) FROM sale_order_line l
                    WHERE l.order_id = %s.id)))""",
        config.id,
        table,
        config.cart_hours,
        table,
        table,
    )

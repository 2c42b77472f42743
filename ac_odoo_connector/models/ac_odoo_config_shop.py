# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import carts, refunds, shop
from ..engine.button import client_of_button
from ..mapping.order import OrderFacts


class AcOdooConfig(models.Model):
    """The shop of an account: its connection, and how its orders go there."""

    _inherit = "ac.odoo.config"

    ac_connection_id = fields.Char(
        "Shop's ID",
        readonly=True,
        copy=False,
        help="Of the e-commerce connection in ActiveCampaign; made when it is needed.",
    )
    ac_connection_ref = fields.Char(
        "Shop's External ID",
        readonly=True,
        copy=False,
        help="What ActiveCampaign knows this shop by, whatever the database is called.",
    )
    order_interface = fields.Selection(
        [("graphql", "GraphQL, 100 in one request"), ("rest", "REST, one by one")],
        default="graphql",
        required=True,
        tracking=True,
        help="Orders sent by one of them are not known to the other.",
    )
    cart_hours = fields.Integer(
        "Abandoned Carts after Hours",
        tracking=True,
        help="Website quotations with an e-mail that nobody has touched for so long "
        "become abandoned carts. 0: none.",
    )
    carts_since = fields.Datetime(
        compute="_compute_carts_since",
        store=True,
        copy=False,
        help="What was left before is history.",
    )
    has_carts = fields.Boolean(compute="_compute_has_carts")

    @api.depends("cart_hours", "sync_orders")
    def _compute_carts_since(self):
        for config in self:
            wanted = config.cart_hours > 0 and config.sync_orders
            since = config.carts_since or fields.Datetime.now()
            config.carts_since = wanted and since

    def _compute_has_carts(self):
        self.has_carts = carts.available(self.env)

    def write(self, vals):
        """:raise UserError: the interface changes while orders are linked"""
        chosen = vals.get("order_interface")
        changed = self.filtered(lambda c: chosen and c.order_interface != chosen)
        if changed and changed._linked_to_shop(["order"]):
            raise UserError(
                self.env._(
                    "There are orders in ActiveCampaign already, and the two interfaces "
                    "do not know each other's. Remove the shop first."
                )
            )
        return super().write(vals)

    def _forget_account(self):
        """Another account has another shop."""
        self.write({"ac_connection_id": False})
        return super()._forget_account()

    def _linked_to_shop(self, objects=("order", "product")):
        return (
            self.env["ac.binding"]
            .sudo()
            .search(
                [
                    ("config_id", "in", self.ids),
                    ("object", "in", list(objects)),
                    ("remote_id", "!=", False),
                ]
            )
        )

    # What the orders' mapping needs -----------------------------------------------

    def _facts_of_orders(self, orders, mappings):
        contacts, waiting = self._contacts_of(orders.partner_id)
        emails, renamed = self._emails_of(set(contacts.values()))
        waiting |= {id_ for id_, contact in contacts.items() if contact in renamed}
        links = self._links_of_orders(orders)
        return OrderFacts(
            mappings=mappings,
            contacts={k: v for k, v in contacts.items() if v not in renamed},
            waiting=waiting,
            emails=emails,
            base_url=self.get_base_url(),
            linked=frozenset(links),
            refunds=refunds.of(orders),
            carts=carts.left(self, orders, links),
            published="website_published" in orders.env["product.template"],
            represented=frozenset(contacts) - self._own_contacts(orders.partner_id),
        )

    def _links_of_orders(self, orders):
        """Return ``{order id: what AC has been told}`` of those that are over there."""
        links = self.env["ac.binding"].search(
            [
                ("config_id", "=", self.id),
                ("object", "=", "order"),
                ("res_id", "in", orders.ids),
                ("remote_id", "!=", False),
            ]
        )
        return {link.res_id: link.sent or {} for link in links}

    @api.model
    def _cron_carts(self):
        """Mark the carts that have been abandoned since the last time."""
        for config in self._confirmed():
            carts.mark(config)

    # Buttons ----------------------------------------------------------------------

    def action_repair_shop(self):
        """Make the shop's connection, or make it again and send everything once more.

        What was there before is history: nothing of it starts an automation.
        """
        self.check_access("write")
        for config in self:
            with client_of_button(config) as client:
                shop.repair(config.sudo(), client)
        return self._notify(
            self.env._("Shop Connected"), self.env._("Orders and products go there.")
        )

    def action_remove_shop(self):
        """Delete the connection over there and forget what was sent to it."""
        self.check_access("write")
        for config in self:
            with client_of_button(config) as client:
                shop.remove(config.sudo(), client)
            config._linked_to_shop().unlink()
            config.write(
                {
                    "sync_orders": False,
                    "sync_products": False,
                    "ac_connection_id": False,
                }
            )
        return self._notify(
            self.env._("Shop Removed"),
            self.env._("Orders and products are not sent any more."),
        )

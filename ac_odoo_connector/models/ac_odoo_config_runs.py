# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

ORDERS = ("deal", "order")
PARTNERS = "account,contact"
"""What runs went through that were made before they wrote down what they cover."""


class AcOdooConfig(models.Model):
    """Runs over everything or over chosen objects, started from the account."""

    _inherit = "ac.odoo.config"

    def _loaded_objects(self):
        """Return the rows of the registry that a run has gone through at least once.

        Until then only what people save is sent: who switches orders on has not asked
        for those of ten years.
        """
        self.ensure_one()
        runs = self.env["ac.sync.run"]._read_group(
            [("config_id", "=", self.id), ("kind", "!=", "trial")], ["covers"]
        )
        names = {name for (covers,) in runs for name in (covers or PARTNERS).split(",")}
        return [row for row in self._objects() if row.name in names]

    def action_sync_products(self):
        """Start a run over the products in scope and show it."""
        self.ensure_one()
        self._check_operator()
        if not self.sync_products:
            raise UserError(self.env._("Switch on “Products as Catalogue” first."))
        return self._opened_run(self._run_of(["product"]))

    def action_sync_orders(self):
        """Ask whether the orders in scope may start automations, then start a run."""
        self.ensure_one()
        self._check_operator()
        if not self._has_orders():
            raise UserError(
                self.env._("Switch on deals or e-commerce orders for this account.")
            )
        if run := self._run_under_way(self._order_objects()):
            return self._opened_run(run)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_orders_start"
        )
        return {**action, "context": {"default_config_id": self.id}}

    def _order_objects(self):
        """Return the names of what the account makes of orders."""
        return [row.name for row in self._objects() if row.name in ORDERS]

    def _run_of(self, names, exclude_automations=None):
        """Return the run over these objects that is under way, or a new one."""
        return self._run_under_way(names) or self.env["ac.sync.run"].sudo()._start(
            self, exclude_automations, names
        )

    def _run_under_way(self, names):
        runs = self.env["ac.sync.run"].search(
            [("config_id", "=", self.id), ("state", "in", ("running", "paused"))]
        )
        return runs.filtered(lambda run: set(names) <= set(run._covered()))[:1]

    def _opened_run(self, run):
        """Return the action that shows a run."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "ac.sync.run",
            "res_id": run.id,
            "views": [(False, "form")],
        }

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..engine import dashboard
from ..engine.dashboard_figures import STEPS


class AcOdooConfig(models.Model):
    """How an account is doing, on one screen."""

    _inherit = "ac.odoo.config"

    @api.model
    @api.readonly
    def get_dashboard(self, config_id=False, hours=24):
        """Return what the dashboard shows; see `engine.dashboard`.

        :param config_id: an account; the first one that the user sees otherwise
        :param hours: 1, 24 or 168: how far back rates, times and charts look
        :return: dictionary for JSON; without ``account`` when there is none to see
        """
        configs = self.search([("active", "=", True)])
        chosen = configs.filtered(lambda config: config.id == config_id)
        config = chosen or configs[:1]
        answer = {
            "accounts": [{"id": each.id, "name": each.name} for each in configs],
            "periods": list(STEPS),
        }
        if config:
            answer |= {"account": config.id, **dashboard.build(config, hours)}
        return answer

    def action_view_dashboard(self):
        """Open the dashboard of this account."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "ac_odoo_connector.action_ac_dashboard"
        )
        return {**action, "params": {"config_id": self.id}}

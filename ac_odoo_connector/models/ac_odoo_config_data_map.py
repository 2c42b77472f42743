# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..engine import data_map


class AcOdooConfig(models.Model):
    """What flows, why and how long it is kept: for the record of processing."""

    _inherit = "ac.odoo.config"

    def _data_map(self):
        """Return ``(what flows, where it is kept)``; see `engine.data_map`."""
        self.ensure_one()
        return data_map.flows(self), data_map.kept(self)

    def action_data_map(self):
        """Show the data map as a page; *Print* makes a PDF of it."""
        self.ensure_one()
        self.check_access("read")
        address = f"/report/html/ac_odoo_connector.report_data_map/{self.id}"
        return {"type": "ir.actions.act_url", "url": address, "target": "new"}

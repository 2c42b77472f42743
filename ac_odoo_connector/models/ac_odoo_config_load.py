# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class AcOdooConfig(models.Model):
    """The first load of an account."""

    _inherit = "ac.odoo.config"

    is_loaded = fields.Boolean(
        compute="_compute_is_loaded",
        help="A run over everything has been started at least once.",
    )

    @api.depends("run_ids.kind")
    def _compute_is_loaded(self):
        loaded = self.env["ac.sync.run"]._read_group(
            [("config_id", "in", self.ids), ("kind", "=", "everything")], ["config_id"]
        )
        ids = {config.id for (config,) in loaded}
        for config in self:
            config.is_loaded = config.id in ids

    def _load_domain(self, synced_object):
        """Return which records of one object a run goes through.

        The account's filter, without the records that only another company's
        account may send; those with a link stay, so that they are let go.
        """
        if not self.company_id:
            return self._domain(synced_object)
        return [
            "|",
            ("company_id", "in", [False, self.company_id.id]),
            ("ac_binding_ids.config_id", "=", self.id),
            *self._domain(synced_object),
        ]

    def _excludes_automations(self, binding):
        """Return the choice of the run that brings a record; else the account's."""
        run = binding.run_id
        if run.state in ("running", "paused"):
            return run.exclude_automations
        return super()._excludes_automations(binding)

    def action_first_load(self):
        """Open the first load that is under way, or a new one, step by step."""
        self.ensure_one()
        self._check_operator()
        if self.state != "confirmed":
            raise UserError(self.env._("Connect the account first."))
        loads = self.env["ac.first.load"]
        load = loads.search(
            [("config_id", "=", self.id), ("state", "!=", "result")], limit=1
        ) or loads.create({"config_id": self.id, "partner_domain": self.partner_domain})
        return load._opened()

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..engine import gateway, options
from ..engine.button import client_of_button


class AcFieldMapping(models.Model):
    _inherit = "ac.field.mapping"

    def _configs(self):
        """Return the connected accounts that the mapping is for."""
        confirmed = self.env["ac.odoo.config"]._confirmed()
        return confirmed & (self.config_id or confirmed)

    def action_create_options(self):
        """Make in ActiveCampaign the options that records wait for, at once.

        :raise UserError: no account is connected, or what ActiveCampaign said
        """
        self.ensure_one()
        self.check_access("write")
        made = []
        for config in self._configs():
            entries = self.env["ac.metadata"]._by_key(
                config, self.metadata_kind, [self.ac_field]
            )
            only = {entry.remote_id for entry in entries.values()}
            with client_of_button(config) as client:
                created = options.create_missing(config, client, only)
            made += [text for texts in created.values() for text in texts]
        return self._tell_created(made)

    def _tell_created(self, made):
        if not made:
            return self.env["ac.odoo.config"]._notify(
                self.env._("Nothing Is Missing"),
                self.env._("No record waits for an option of this field."),
            )
        return self.env["ac.odoo.config"]._notify(
            self.env._("Options Created"), ", ".join(made)
        )


class AcOdooConfig(models.Model):
    _inherit = "ac.odoo.config"

    @api.model
    def _cron_options(self):
        """Make the options that records wait for, where a mapping allows it."""
        mappings = self.env["ac.field.mapping"].search([("create_options", "=", True)])
        for config in self._confirmed() if mappings else ():
            config._enqueue("options")

    def _job_options(self):
        """Make the options that records wait for in one account."""
        with self._border("options"), gateway.open_client(self) as client:
            options.create_missing(self, client)

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress

from psycopg2 import IntegrityError

from odoo import api, models
from odoo.fields import Command
from odoo.tools import email_normalize

from .privacy import MODULE

LOOKUP = "privacy.lookup.wizard.line"


class AcPrivacy(models.TransientModel):
    """Where the wizard can be reached from: a partner, and Odoo's privacy lookup."""

    _inherit = "ac.privacy"

    @api.model
    def _open_for(self, partners, email=False):
        """Return the action that asks what to do with a person's data."""
        self._check_manager()
        partners.check_access("read")
        wizard = self.create(
            {"partner_ids": [Command.set(partners.ids)], "email": email}
        )
        return wizard._reopened()

    @api.model
    def _open_for_lookup(self, lines):
        """Open for what Odoo's privacy lookup has found (app Privacy)."""
        wizard = lines.wizard_id[:1]
        ids = lines.filtered(lambda line: line.res_model == "res.partner")
        partners = self.env["res.partner"].browse(ids.mapped("res_id")).exists()
        return self._open_for(partners, email_normalize(wizard.email or ""))

    def _register_hook(self):
        """Offer the erasure in Odoo's privacy lookup where that app is installed: it may
        come after this addon, which does not depend on it."""
        result = super()._register_hook()
        if LOOKUP in self.env and not self.env.ref(
            f"{MODULE}.action_privacy_from_lookup", raise_if_not_found=False
        ):
            # another process that starts at the same moment may be faster
            with suppress(IntegrityError), self.env.cr.savepoint():
                self._offer_in_lookup()
        return result

    def _offer_in_lookup(self):
        model_id = self.env["ir.model"]._get_id(LOOKUP)
        action = self.env["ir.actions.server"].create(
            {
                "name": "ActiveCampaign: Data of the Person",
                "model_id": model_id,
                "binding_model_id": model_id,
                "binding_view_types": "list",
                "state": "code",
                "code": "action = env['ac.privacy']._open_for_lookup(records)",
            }
        )
        xml_id = f"{MODULE}.action_privacy_from_lookup"
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": xml_id, "record": action, "noupdate": True}]
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_ac_privacy(self):
        """Ask what to do with the data of a person."""
        return self.env["ac.privacy"]._open_for(self)

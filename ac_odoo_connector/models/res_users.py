# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def signup(self, values, token=None):
        """Record the consent ticked in the sign-up form, in the sign-up's transaction.

        The controller passes the words that were shown by the context.
        """
        result = super().signup(values, token=token)
        if text := self.env.context.get("ac_consent_text"):
            login = result[0]
            user = self.sudo().search(self._get_login_domain(login), limit=1)
            consents = self.env["ac.consent"]
            consents._record(user.partner_id, "granted", "website", text=text)
        return result

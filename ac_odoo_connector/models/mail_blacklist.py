# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..engine import suppression


class MailBlacklist(models.Model):
    _inherit = "mail.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever is blacklisted leaves the lists of ActiveCampaign.

        Odoo returns the entries that were there already: they are its own from now on.
        """
        entries = super().create(vals_list)
        suppression.forget(entries)
        entries._ac_mark_people()
        return entries

    def write(self, vals):
        people = self._ac_people()
        result = super().write(vals)
        if {"active", "email"} & vals.keys():
            suppression.forget(self)
            (people | self._ac_people())._ac_mark()
        return result

    def unlink(self):
        suppression.forget(self)
        people = self._ac_people()
        result = super().unlink()
        people._ac_mark()
        return result

    def _add(self, email, message=None):
        """What somebody adds again is their own no, not ActiveCampaign's any more."""
        entry = super()._add(email, message=message)
        suppression.forget(entry.with_env(self.env))
        return entry

    def _ac_people(self):
        return self.env["res.partner"]._ac_with_email(self.mapped("email"))

    def _ac_mark_people(self):
        self._ac_people()._ac_mark()

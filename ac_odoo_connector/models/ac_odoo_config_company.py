# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import ValidationError

from ..engine import erased


class AcOdooConfig(models.Model):
    """Whose records an account is sent."""

    _inherit = "ac.odoo.config"

    @api.model_create_multi
    def create(self, vals_list):
        configs = super().create(vals_list)
        configs._check_own_company()  # Odoo looks only if a company is named
        return configs

    def write(self, vals):
        """Who was erased for an account stays so when it belongs to another company."""
        before = {config: config.company_id for config in self}
        result = super().write(vals)
        for config, company in before.items():
            if config.company_id != company:
                erased.take_along(self.env, company, config.company_id)
        return result

    @api.constrains("company_id")
    def _check_own_company(self):
        """The engine sends with all rights, so an account is for companies that its
        manager works in; one for every company, for those who work in all.

        :raise ValidationError: somebody of one company would be sent those of others
        """
        person = self.sudo(False).env
        if person.su:
            return
        companies = self.company_id
        if not all(config.company_id for config in self):
            companies = person["res.company"].sudo().search([("active", "=", True)])
        if companies - person.user.company_ids:
            raise ValidationError(
                self.env._(
                    "Choose a company that you work in: without one the account is "
                    "sent the records of every company, also of the others."
                )
            )

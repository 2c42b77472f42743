# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..engine import engagement


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_reference_fields(self, src_partners, dst_partner):
        """The surviving partner inherits the link, so its AC contact stays one."""
        self.env["ac.binding"].sudo()._merge(src_partners, dst_partner)
        return super()._update_reference_fields(src_partners, dst_partner)

    def _update_foreign_keys(self, src_partners, dst_partner):
        """The surviving partner keeps one membership per audience rule.

        Left alone, Odoo would drop all memberships of the others for one that clashes,
        and the next evaluation would start automations a second time.
        """
        members = self.env["ac.audience.member"].sudo()
        members._keep_one_per_rule(src_partners + dst_partner)
        engagement.merge(self.env, src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

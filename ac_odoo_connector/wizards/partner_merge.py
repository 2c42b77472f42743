# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_reference_fields(self, src_partners, dst_partner):
        """The surviving partner inherits the link, so its AC contact stays one."""
        self.env["ac.binding"].sudo()._merge(src_partners, dst_partner)
        return super()._update_reference_fields(src_partners, dst_partner)

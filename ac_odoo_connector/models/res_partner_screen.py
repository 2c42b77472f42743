# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResPartner(models.Model):
    """The state of a partner over all accounts: shown, searched and grouped by."""

    # pylint: disable-next=consider-merging-classes-inherited
    _name = "res.partner"
    _inherit = ["res.partner", "ac.sync.screen"]

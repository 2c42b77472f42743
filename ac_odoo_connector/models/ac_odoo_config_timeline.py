# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class AcOdooConfig(models.Model):
    """What the account's events write on timelines, and in which language."""

    _inherit = "ac.odoo.config"

    timeline_muted_ids = fields.Many2many(
        "ac.timeline.kind",
        "ac_odoo_config_timeline_muted_rel",
        string="No Note For",
        help="These events are counted and listed, but leave no note.",
    )
    timeline_lang = fields.Selection(
        selection="_selection_timeline_lang",
        string="Language of Notes",
        default=lambda self: self.env.user.lang,
        help="Empty: English.",
    )

    @api.model
    def _selection_timeline_lang(self):
        return self.env["res.lang"].get_installed()

    def _notes_lang(self):
        """Return the language of notes; English where it was deactivated since."""
        installed = dict(self.env["res.lang"].get_installed())
        return self.timeline_lang if self.timeline_lang in installed else "en_US"

    def _muted_kinds(self):
        """Return the codes of the kinds that leave no note."""
        return set(self.timeline_muted_ids.mapped("code"))

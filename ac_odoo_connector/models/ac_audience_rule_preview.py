# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import audience

SHOWN = 80
"""So many names are shown; the counts are complete."""


class AcAudienceRule(models.Model):
    """Who would be inside: follows the filter while it is edited, before it is saved."""

    _inherit = "ac.audience.rule"

    matching_count = fields.Integer("Match Now", compute="_compute_preview")
    entering_count = fields.Integer("Would Enter", compute="_compute_preview")
    leaving_count = fields.Integer("Would Leave", compute="_compute_preview")
    entering_ids = fields.Many2many(
        "res.partner", string="Who Would Enter", compute="_compute_preview"
    )
    leaving_ids = fields.Many2many(
        "res.partner", string="Who Would Leave", compute="_compute_preview"
    )
    preview_problem = fields.Char(compute="_compute_preview")

    @api.depends("config_id", "domain", "active")
    def _compute_preview(self):
        for rule in self:
            rule.update({**rule._no_preview(), **rule._preview()})

    @api.model
    def _no_preview(self):
        nobody = self.env["res.partner"]
        return {
            "matching_count": 0,
            "entering_count": 0,
            "leaving_count": 0,
            "entering_ids": nobody,
            "leaving_ids": nobody,
            "preview_problem": False,
        }

    def _preview(self):
        """Return the values of the preview, with the eyes of the user who looks."""
        if not self.config_id:
            return {}
        try:
            with self.env.cr.savepoint(flush=False):
                return self._look()
        except Exception as error:  # a filter that is being typed may be anything
            return {"preview_problem": str(error).strip().splitlines()[0]}

    def _look(self):
        partners = self.env["res.partner"].with_context(active_test=False)
        entering, leaving = self._matching(), partners._search([])
        audience.keep_entering(self._origin, entering)
        audience.keep_leaving(self._origin, leaving, self._matching())
        return {
            "matching_count": len(self._matching()),
            "entering_count": len(entering),
            "leaving_count": len(leaving),
            "entering_ids": _first(partners, entering),
            "leaving_ids": _first(partners, leaving),
        }

    def action_view_matching(self):
        """Open the partners that match now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Match Now: %s", self.name),
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "form")],
            "domain": self._domain(),
            "context": {"create": False},
        }


def _first(partners, query):
    query.limit = SHOWN
    return partners.browse(query.get_result_ids())

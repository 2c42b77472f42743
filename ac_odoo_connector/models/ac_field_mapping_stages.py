# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import ormcache


class AcFieldMapping(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.field.mapping"

    @api.model
    @ormcache("object_name")
    def _watched(self, object_name):
        """The place of an order changes with what the lines' filters look at, too."""
        watched = super()._watched(object_name)
        if object_name == "deal":
            rows = (
                self.env["ac.deal.stage.mapping"].sudo().search([("active", "=", True)])
            )
            watched |= {"locked"} | self._watched_by(rows)
        return watched

    @api.model
    @ormcache()
    def _watched_for_tags(self):
        """Return the fields of an order that decide on its customer's tags."""
        rows = self.env["ac.deal.stage.mapping"].sudo().search([("active", "=", True)])
        if not any(rows.mapped("tag")):
            return frozenset()
        return {"locked", "state", "partner_id"} | self._watched_by(rows)

    @api.model
    def _watched_by(self, rows):
        found = set()
        for row in rows:
            for leaf in row._domain():
                if isinstance(leaf, (list, tuple)) and isinstance(leaf[0], str):
                    name = leaf[0].split(".")[0]
                    self._add_sources(self.env["sale.order"], name, found)
        return frozenset(found)

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from .ac_deal_stage_places import KINDS, group_of, same


class AcMetadata(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.metadata"

    def write(self, vals):
        """A pipeline or stage that is renamed over there keeps its lines."""
        old = {
            entry: entry.name
            for entry in self
            if entry.kind in KINDS and vals.get("name", entry.name) != entry.name
        }
        result = super().write(vals)
        for entry, name in old.items():
            entry._rename_in_lines(name)
        return result

    def _rename_in_lines(self, old):
        """Only lines of this account alone: others have a pipeline of the old name."""
        rows = self.env["ac.deal.stage.mapping"].sudo()
        mine = rows.search([("config_id", "=", self.config_id.id)])
        rows = mine.filtered(lambda r: r[self.kind] and same(r[self.kind], old))
        if self.kind == "stage":
            places = self.config_id._places()
            rows = rows.filtered(
                lambda r: places.pipeline(r).remote_id == group_of(self)
            )
        rows.write({self.kind: self.name})

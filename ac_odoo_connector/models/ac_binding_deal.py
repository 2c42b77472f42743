# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..engine import deal_place


class AcBinding(models.Model):
    """What is known of a linked deal over there."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.binding"

    told_stage = fields.Char("Stage", compute="_compute_told_deal")
    told_status = fields.Selection(
        [("0", "Open"), ("1", "Won"), ("2", "Lost")], compute="_compute_told_deal"
    )
    told_amount = fields.Char("Value in ActiveCampaign", compute="_compute_told_deal")

    @api.depends("sent", "object", "config_id")
    def _compute_told_deal(self):
        deals = self.filtered(lambda b: b.object == "deal" and b.remote_id)
        names = deals._place_names()
        for binding in self:
            place = binding._deal_place() if binding in deals else {}
            binding.told_stage = binding._place_words(place, names)
            status = str(place.get("status"))
            binding.told_status = status if status in ("0", "1", "2") else False
            binding.told_amount = binding in deals and binding._amount_words()

    def _deal_place(self):
        """Return the deal's last known place, see `engine.deal_place`."""
        self.ensure_one()
        return deal_place.of_link(self)

    def _place_words(self, place, names=None):
        """Return "pipeline › stage" by name, "" for no place."""
        if not place:
            return ""
        names = self._place_names() if names is None else names
        keys = (("pipeline", place.get("group")), ("stage", place.get("stage")))
        known = [
            names.get((self.config_id.id, kind, id_), id_) for kind, id_ in keys if id_
        ]
        return " › ".join(known)

    def _place_names(self):
        """Return ``{(config id, kind, AC id): name}`` of all pipelines and stages."""
        entries = self.env["ac.metadata"].with_context(active_test=False)
        found = entries.search_fetch(
            [
                ("config_id", "in", self.config_id.ids),
                ("kind", "in", ("pipeline", "stage")),
            ],
            ["config_id", "kind", "remote_id", "name"],
        )
        return {(e.config_id.id, e.kind, e.remote_id): e.name for e in found}

    def _amount_words(self):
        cents, code = (self.sent or {}).get("amount") or (None, "")
        if cents is None:
            return False
        return f"{formatLang(self.env, cents / 100, digits=2)} {code.upper()}"

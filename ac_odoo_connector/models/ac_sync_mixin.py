# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import identity
from ..engine.marks import mark
from ..mapping.registry import OBJECTS


class AcSyncMixin(models.AbstractModel):
    """Give a model its mark: changes of watched fields reach ActiveCampaign.

    A model declares ``_ac_object``, the name of its row in `mapping.registry`.
    Nothing here talks to ActiveCampaign; a change costs one SQL statement per
    transaction.
    """

    _name = "ac.sync.mixin"
    _description = "Synchronised with ActiveCampaign"

    _ac_object = None

    ac_binding_ids = fields.One2many(
        "ac.binding",
        "res_id",
        string="ActiveCampaign Links",
        domain=lambda self: [("res_model", "=", self._name)],
        groups="ac_odoo_connector.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._ac_mark()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self.env["ac.field.mapping"]._watched(self._ac_object).isdisjoint(vals):
            self._ac_mark()
        return result

    def unlink(self):
        self._ac_detach()
        return super().unlink()

    def _ac_mark(self):
        """Note the records as changed when this transaction is about to commit."""
        marks = self.env.cr.precommit.data.setdefault("ac_marks", {})
        if not marks:
            self.env.cr.precommit.add(self.env["ac.sync.mixin"]._ac_write_marks)
        marks.setdefault(self._ac_object, set()).update(self.ids)

    @api.model
    def _ac_write_marks(self):
        marks = self.env.cr.precommit.data.pop("ac_marks", {})
        for name, ids in marks.items():
            mark(self.env, OBJECTS[name], ids)

    def _ac_detach(self):
        """Forget the links of records about to be deleted; AC keeps its objects."""
        bindings = self.env["ac.binding"].sudo()._of(self)
        config_ids = bindings.config_id.ids
        identities = set(bindings.filtered("is_main").mapped("identity"))
        bindings.unlink()
        identity.hand_over(self.env, config_ids, self._ac_object, identities)

    def action_ac_sync_now(self):
        """Mark the records and ask the job runner to send them at once."""
        self.env["ac.binding"].check_access("read")
        self._ac_mark()
        return self.env["ac.binding"]._notify_marked(len(self))

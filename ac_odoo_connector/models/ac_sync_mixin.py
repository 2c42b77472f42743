# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import identity
from ..engine.marks import mark
from ..mapping.registry import OBJECTS


class AcSyncMixin(models.AbstractModel):
    """Give a model its mark: changes of watched fields reach ActiveCampaign.

    A model declares ``_ac_objects``, the names of its rows in `mapping.registry`.
    Nothing here talks to ActiveCampaign; a change costs one SQL statement per
    transaction.
    """

    _name = "ac.sync.mixin"
    _description = "Synchronised with ActiveCampaign"

    _ac_objects = ()

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
        watched = self.env["ac.field.mapping"]._watched
        if names := [n for n in self._ac_objects if watched(n) & vals.keys()]:
            self._ac_mark(names)
        return result

    def unlink(self):
        self._ac_detach()
        return super().unlink()

    def _ac_mark(self, names=None):
        """Note the records as changed when this transaction is about to commit.

        :param names: only these of their objects
        """
        marks = self.env.cr.precommit.data.setdefault("ac_marks", {})
        if not marks:
            self.env.cr.precommit.add(self.env["ac.sync.mixin"]._ac_write_marks)
        for name in names or self._ac_objects:
            marks.setdefault(name, set()).update(self.ids)

    @api.model
    def _ac_write_marks(self):
        marks = self.env.cr.precommit.data.pop("ac_marks", {})
        if marks:
            mark(self.env, marks)

    def _ac_detach(self):
        """Let go of the links of records about to be deleted.

        By default that is all: AC keeps its objects. By the account's policy the link
        is kept, or its object is deleted over there, unless another record takes it over.
        """
        bindings = self.env["ac.binding"].sudo()._of(self)
        bindings -= identity.inherit(self.env, bindings)
        kept = bindings.filtered(
            lambda b: (
                b.remote_id and b.config_id[OBJECTS[b.object].deletion] != "detach"
            )
        )
        kept._bury()
        (bindings - kept).unlink()

    def action_ac_sync_now(self):
        """Mark the records and ask the job runner to send them at once."""
        self.env["ac.binding"].check_access("read")
        self.check_access("read")
        self._ac_mark()
        return self.env["ac.binding"]._notify_marked(len(self))

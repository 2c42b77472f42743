# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..engine.masking import HIDDEN, SECRET

LONGEST = 500
TEXTS = ("char", "text")
OF_ODOO = ("message_", "activity_", "create_", "write_")


class AcTrailMixin(models.AbstractModel):
    """Settings whose changes are written to the audit trail, field by field.

    A setting is what people can enter: stored, not read-only. Secrets are told apart
    by their names; of them only that they were changed.
    """

    _name = "ac.trail.mixin"
    _description = "Settings With an Audit Trail"

    _ac_trail_also = frozenset()
    """Names of read-only fields that are worth an entry, too."""

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["ac.trail"]._note(records, "created")
        return records

    def write(self, vals):
        names = self._ac_trail_names(vals)
        before = self._ac_trail_values(names)
        result = super().write(vals)
        self._ac_trail_compare(before, self._ac_trail_values(names))
        return result

    def unlink(self):
        self.env["ac.trail"]._note(self, "deleted")
        return super().unlink()

    def _ac_trail_account(self):
        """Return the account that a setting belongs to, empty for all of them."""
        if "config_id" in self._fields:
            return self.config_id
        return self.env["ac.odoo.config"]

    @api.model
    def _ac_trail_names(self, vals):
        """Return those of the written fields that are settings."""
        return [name for name in vals if self._ac_trail_is_setting(name)]

    @api.model
    def _ac_trail_is_setting(self, name):
        field = self._fields.get(name)
        if field is None or not field.store or field.type == "one2many":
            return False
        if name in self._ac_trail_also:
            return True
        return not field.readonly and not name.startswith(OF_ODOO)

    def _ac_trail_values(self, names):
        """Return ``{(record, field): text}``; of a secret the ciphertext, to compare."""
        return {
            (record, name): record._ac_trail_text(self._fields[name])
            for record in self.sudo()
            for name in names
        }

    def _ac_trail_text(self, field):
        value = self[field.name]
        if field.relational:
            return ", ".join(filter(None, value.mapped("display_name")))
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value) or ""
        return "" if value is False or value is None else str(value)

    def _ac_trail_compare(self, before, after):
        """Write an entry for each value that is another one now."""
        trail = self.env["ac.trail"]
        for (record, name), old in before.items():
            new = after[record, name]
            if old != new:
                texts = _told(self._fields[name], old, new)
                label = self._fields[name]._description_string(self.env)
                trail._note(
                    record, "changed", field_name=name, field_label=label, **texts
                )


def _told(field, old, new):
    """Return what an entry says of two values; of a secret not even its length."""
    if field.type in TEXTS and SECRET.search(field.name):
        return {"before": HIDDEN if old else "", "after": HIDDEN if new else ""}
    return {"before": old[:LONGEST], "after": new[:LONGEST]}

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

FILLED_NAMES = 200


class AcFieldMappingValue(models.Model):
    """One line of a lookup table: what Odoo has, and what ActiveCampaign gets."""

    _name = "ac.field.mapping.value"
    _description = "ActiveCampaign Lookup Value"
    _order = "id"

    mapping_id = fields.Many2one(
        "ac.field.mapping", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="mapping_id.company_id", store=True)
    value = fields.Char(
        "Odoo Value",
        help="The name of a record, the technical value of a selection, 1 or 0. "
        "Upper and lower case are the same. Empty: where Odoo has nothing.",
    )
    ac_value = fields.Char("ActiveCampaign Value", required=True)

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_field_mapping_value_unique ON "
            "ac_field_mapping_value (mapping_id, lower(COALESCE(value, '')))"
        )


class AcFieldMappingPart(models.Model):
    """One of several Odoo fields that are joined in one field of ActiveCampaign."""

    _name = "ac.field.mapping.part"
    _description = "ActiveCampaign Mapping Part"
    _order = "sequence, id"

    mapping_id = fields.Many2one(
        "ac.field.mapping", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="mapping_id.company_id", store=True)
    model = fields.Char(related="mapping_id.model")
    sequence = fields.Integer(default=10)
    field_path = fields.Char("Odoo Field", required=True)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.mapping_id._check_paths()
        self.env.registry.clear_cache()
        return parts

    def write(self, vals):
        result = super().write(vals)
        self.mapping_id._check_paths()
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


class AcFieldMapping(models.Model):
    _inherit = "ac.field.mapping"

    def action_fill_lookup(self):
        """Add a line for each value that the Odoo field can have and none has yet."""
        self.ensure_one()
        known = {(line.value or "").casefold() for line in self.lookup_ids}
        self.lookup_ids = [
            fields.Command.create({"value": value, "ac_value": label})
            for value, label in self._possible_values()
            if value.casefold() not in known
        ]

    def _possible_values(self):
        """Return ``[(Odoo text, label)]`` of a selection, a boolean or a relation.

        Empty for fields that can hold anything.
        """
        field = self._last_field()
        if field is None:
            return []
        if field.type == "boolean":
            return [("1", self.env._("Yes")), ("0", self.env._("No"))]
        if field.type == "selection":
            return list(field._description_selection(self.env))
        if field.relational:
            records = self.env[field.comodel_name].search([], limit=FILLED_NAMES)
            return [(name, name) for name in records.mapped("display_name") if name]
        return []

    def _last_field(self):
        """Return the Odoo field at the end of the path, or None."""
        field, model = None, self.env[self.model]
        for name in self._paths()[0].split(".") if len(self._paths()) == 1 else ():
            field = model._fields.get(name) if model is not None else None
            if field is None:
                return None
            model = self.env[field.comodel_name] if field.relational else None
        return field

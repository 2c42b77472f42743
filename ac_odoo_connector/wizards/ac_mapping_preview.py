# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import field_values
from ..engine.button import client_of_button
from ..mapping.value import MappingError


class AcMappingPreview(models.TransientModel):
    """What mappings make of one record, beside what ActiveCampaign holds."""

    _name = "ac.mapping.preview"
    _inherit = "ac.own.account"
    _description = "Preview of the Field Mapping"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        domain="[('state', '=', 'confirmed')]",
        ondelete="cascade",
    )
    object = fields.Selection(
        lambda self: self.env["ac.field.mapping"]._fields["object"].selection,
        required=True,
        default="contact",
    )
    mapping_id = fields.Many2one(
        "ac.field.mapping",
        ondelete="cascade",
        help="Empty: all mappings of the object.",
    )
    partner_id = fields.Many2one("res.partner", string="Record", ondelete="cascade")
    line_ids = fields.One2many(
        "ac.mapping.preview.line",
        "preview_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.model
    def default_get(self, fields_list):
        """Start with the first account and its partner that changed last."""
        values = super().default_get(fields_list)
        mapping = self.env["ac.field.mapping"].browse(values.get("mapping_id"))
        config = mapping.config_id or self.env["ac.odoo.config"]._confirmed()[:1]
        values.setdefault("config_id", config.id)
        if mapping:
            values["object"] = mapping.object
        if config and "partner_id" in fields_list:
            values["partner_id"] = self._last_changed(config, values.get("object")).id
        return values

    @api.model
    def _last_changed(self, config, object_name):
        companies = [("is_company", "=", True)] if object_name == "account" else []
        return self.env["res.partner"].search(
            [*config._domain(), *companies], order="write_date desc, id desc", limit=1
        )

    @api.depends("config_id", "object", "mapping_id", "partner_id")
    def _compute_line_ids(self):
        for preview in self:
            preview.line_ids = [
                fields.Command.clear(),
                *(fields.Command.create(values) for values in preview._lines()),
            ]

    def _lines(self):
        """Return the values of a line for each mapping."""
        if not (self.config_id and self.partner_id):
            return []
        mappings = self.mapping_id or self.env["ac.field.mapping"].search(
            [
                ("object", "=", self.object),
                ("config_id", "in", [False, self.config_id.id]),
                ("direction", "!=", "from_ac"),
            ]
        )
        entries = self.env["ac.metadata"]._by_key(
            self.config_id, mappings[:1].metadata_kind, mappings.mapped("ac_field")
        )
        return [self._line(each, entries.get(each.ac_field)) for each in mappings]

    def _line(self, mapping, entry):
        record = self.partner_id
        line = {
            "mapping_id": mapping.id,
            "source": " · ".join(mapping._source_values(record)),
        }
        if not entry:
            missing = self.env._("The account has no field %s.", mapping.ac_field)
            return {**line, "problem": missing}
        line |= {"remote_id": entry.remote_id, "field_name": entry.name}
        try:
            return {**line, "sent": mapping._compile(entry).value(record)}
        except MappingError as error:
            return {**line, "problem": str(error)}

    def action_ask(self):
        """Ask ActiveCampaign once what it holds now.

        :raise UserError: the record is not there yet, or what ActiveCampaign said
        """
        self.ensure_one()
        binding = (
            self.env["ac.binding"]
            ._of(self.partner_id)
            .filtered(
                lambda b: (b.config_id, b.object) == (self.config_id, self.object)
            )
        )
        if not binding.remote_id:
            raise UserError(
                self.env._(
                    "%s is not in ActiveCampaign yet.", self.partner_id.display_name
                )
            )
        with client_of_button(self.config_id) as client:
            held = field_values.held(client, self.object, binding.remote_id)
        for line in self.line_ids.filtered("remote_id"):
            line.held = held.get(line.remote_id) or self.env._("(nothing)")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("Preview"),
        }


class AcMappingPreviewLine(models.TransientModel):
    """One field in a preview."""

    _name = "ac.mapping.preview.line"
    _description = "Line of a Mapping Preview"

    preview_id = fields.Many2one("ac.mapping.preview", ondelete="cascade")
    mapping_id = fields.Many2one("ac.field.mapping", ondelete="cascade")
    field_name = fields.Char("ActiveCampaign Field")
    remote_id = fields.Char()
    source = fields.Char("Odoo Has")
    sent = fields.Char("Is Sent")
    held = fields.Char("ActiveCampaign Holds")
    problem = fields.Char()

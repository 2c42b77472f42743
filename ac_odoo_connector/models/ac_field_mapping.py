# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..mapping.contact import field_value
from ..mapping.registry import OBJECTS


@dataclass(frozen=True)
class Direct:
    ac_id: str
    path: str
    policy: str = "always"

    def value(self, record):
        return field_value(record, self.path)


class AcFieldMapping(models.Model):
    """Which Odoo field fills which custom field of ActiveCampaign."""

    _name = "ac.field.mapping"
    _description = "ActiveCampaign Field Mapping"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        ondelete="cascade",
        help="Empty: for every account that has the field.",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    object = fields.Selection(
        [(row.name, row.label) for row in OBJECTS.values()],
        required=True,
        default="contact",
    )
    field_path = fields.Char(
        "Odoo Field",
        required=True,
        help='A field of the record, or a path such as "country_id.code".',
    )
    model = fields.Char(compute="_compute_model")
    ac_field = fields.Char(
        "ActiveCampaign Field",
        required=True,
        help="The personalisation tag of a custom field, such as JOB_TITLE. "
        "Nothing is sent as long as the account has no such field.",
    )

    @api.depends("object")
    def _compute_model(self):
        for mapping in self:
            mapping.model = OBJECTS[mapping.object].model if mapping.object else False

    @api.constrains("object", "field_path")
    def _check_field_path(self):
        for mapping in self:
            model = self.env[OBJECTS[mapping.object].model]
            for name in mapping.field_path.split("."):
                if model is None or name not in model._fields:
                    raise ValidationError(
                        self.env._(
                            "“%(path)s” is not a field of %(model)s.",
                            path=mapping.field_path,
                            model=OBJECTS[mapping.object].model,
                        )
                    )
                field = model._fields[name]
                model = self.env[field.comodel_name] if field.relational else None

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache("object_name")
    def _watched(self, object_name):
        """Return the fields whose change marks a record: the registry's and the mapped."""
        mappings = self.sudo().search([("object", "=", object_name)])
        mapped = {path.split(".")[0] for path in mappings.mapped("field_path")}
        return OBJECTS[object_name].watched | mapped

    @api.model
    def _resolve(self, config, synced_object):
        """Return the compiled mappings of one account.

        Two queries for a whole chunk; mappings whose field the account lacks are
        left out.
        """
        ids = {
            entry.key: entry.remote_id
            for entry in self.env["ac.metadata"]._entries(
                config, synced_object.metadata
            )
        }
        mappings = self.with_context(active_test=True).search(
            [
                ("object", "=", synced_object.name),
                ("config_id", "in", [False, config.id]),
            ]
        )
        return [
            Direct(ids[mapping.ac_field.upper()], mapping.field_path)
            for mapping in mappings
            if mapping.ac_field.upper() in ids
        ]

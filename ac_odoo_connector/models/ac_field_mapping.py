# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..mapping import template
from ..mapping.registry import OBJECTS

OF_ONE_FIELD = ("direct", "lookup", "date_format", "hash", "encrypt")


class AcFieldMapping(models.Model):
    """What fills which custom field of ActiveCampaign; `_compiled` makes it work."""

    _name = "ac.field.mapping"
    _description = "ActiveCampaign Field Mapping"
    _order = "sequence, id"

    sequence = fields.Integer(
        default=10, help="Of two lines for one ActiveCampaign field the first counts."
    )
    active = fields.Boolean(default=True)
    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        ondelete="cascade",
        help="Empty: for every account that has the field.",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    object = fields.Selection(
        [(row.name, row.label) for row in OBJECTS.values() if row.metadata],
        required=True,
        default="contact",
        help="A person is a Contact of ActiveCampaign, a company an Account.",
    )
    model = fields.Char(compute="_compute_model")
    metadata_kind = fields.Char(compute="_compute_model")

    transformation = fields.Selection(
        [
            ("direct", "As It Is"),
            ("lookup", "Lookup Table"),
            ("concatenation", "Several Fields in One"),
            ("template", "Template"),
            ("constant", "Constant"),
            ("date_format", "Date Format"),
            ("hash", "Hash (SHA-256)"),
            ("encrypt", "Encrypted"),
        ],
        required=True,
        default="direct",
    )
    field_path = fields.Char(
        "Odoo Field", help='A field of the record, or a path such as "country_id.code".'
    )
    lookup_ids = fields.One2many(
        "ac.field.mapping.value", "mapping_id", string="Lookup Table", copy=True
    )
    lookup_default = fields.Char(
        "Otherwise",
        help="For values that have no line. Empty: such a record is not sent, and "
        "says so.",
    )
    part_ids = fields.One2many(
        "ac.field.mapping.part", "mapping_id", string="Fields", copy=True
    )
    separator = fields.Char(default=", ", trim=False)
    template = fields.Text(
        help="Text with {{ object.field }}. {% if object.city %}…{% endif %} and "
        "filters such as {{ object.name | upper }} work; nothing can be changed."
    )
    constant = fields.Char()
    date_format = fields.Char(
        default="%Y-%m-%d",
        help="%d day, %m month, %Y year, %H hour, %M minute (UTC): %d.%m.%Y gives "
        "31.12.2026.",
    )
    source_text = fields.Char("Odoo Value", compute="_compute_source_text")

    ac_field = fields.Char(
        "Personalisation Tag",
        required=True,
        help="The personalisation tag of a custom field, such as JOB_TITLE. "
        "Nothing is sent as long as the account has no such field.",
    )
    ac_field_id = fields.Many2one(
        "ac.metadata",
        string="ActiveCampaign Field",
        compute="_compute_ac_field_id",
        readonly=False,
    )
    ac_type = fields.Char("Type", compute="_compute_ac_field_id")
    field_state = fields.Selection(
        [
            ("found", "Found"),
            ("partly", "Missing in Some"),
            ("missing", "Missing"),
            ("unknown", "Not Connected"),
        ],
        string="In ActiveCampaign",
        compute="_compute_field_state",
    )
    field_state_text = fields.Char("Where", compute="_compute_field_state")
    create_options = fields.Boolean(
        help="A value that a dropdown, radio, listbox or checkbox does not offer yet is "
        "added to its options in ActiveCampaign. Otherwise the record is refused."
    )
    direction = fields.Selection(
        [
            ("to_ac", "To ActiveCampaign"),
            ("both", "Both Ways"),
            ("from_ac", "From ActiveCampaign"),
        ],
        required=True,
        default="to_ac",
    )
    policy = fields.Selection(
        [
            ("always", "Always"),
            ("empty", "Only Where It Is Empty There"),
            ("never", "Never (New Ones Only)"),
        ],
        string="Overwrite",
        required=True,
        default="always",
        help="Whether a value that ActiveCampaign has already is replaced by Odoo's.",
    )

    @api.depends("object")
    def _compute_model(self):
        for mapping in self:
            target = OBJECTS.get(mapping.object)
            mapping.model = target and target.model
            mapping.metadata_kind = target and target.metadata

    @api.depends("source_text", "ac_field")
    def _compute_display_name(self):
        for mapping in self:
            mapping.display_name = (
                f"{mapping.source_text or '…'} → {mapping.ac_field or '…'}"
            )

    @api.depends(
        *("object", "transformation", "field_path", "part_ids.field_path"),
        *("template", "constant"),
    )
    def _compute_source_text(self):
        for mapping in self:
            paths = [mapping._path_label(path) for path in mapping._paths()]
            mapping.source_text = {
                "concatenation": " + ".join(paths),
                "template": " ".join((mapping.template or "").split())[:60],
                "constant": f"“{mapping.constant or ''}”",
            }.get(mapping.transformation, "".join(paths))

    def _path_label(self, path):
        """Return a path as people read it: "Country › Code"."""
        model, labels = self.env[self.model], []
        for name in path.split("."):
            field = model is not None and model._fields.get(name)
            if not field:
                return path
            labels.append(field._description_string(self.env))
            model = self.env[field.comodel_name] if field.relational else None
        return " › ".join(labels)

    def _paths(self):
        """Return the dotted paths that the mapping reads."""
        self.ensure_one()
        if self.transformation == "concatenation":
            return [path for path in self.part_ids.mapped("field_path") if path]
        if self.transformation == "template":
            return sorted({self._cut(path) for path in template.paths(self.template)})
        if self.transformation in OF_ONE_FIELD and self.field_path:
            return [self.field_path]
        return []

    def _cut(self, path):
        """Return a template's path without what follows the field: `name.upper`."""
        model, names = self.env[self.model], []
        for name in path.split("."):
            names.append(name)
            field = model._fields.get(name)
            if field is None or not field.relational:
                break
            model = self.env[field.comodel_name]
        return ".".join(names)

    @api.depends("ac_field", "object", "config_id")
    def _compute_ac_field_id(self):
        found = self._found_fields()
        for mapping in self:
            entry = found[mapping]._of(mapping.config_id)[:1]
            mapping.ac_field_id = entry
            mapping.ac_type = entry._field_type() if entry else False

    @api.depends("ac_field", "object", "config_id")
    def _compute_field_state(self):
        configs = self.env["ac.odoo.config"].search([("state", "=", "confirmed")])
        found = self._found_fields()
        for mapping in self:
            wanted = configs & (mapping.config_id or configs)
            has = wanted & found[mapping].config_id
            lacks = wanted - has
            mapping.field_state = (
                ("partly" if lacks else "found")
                if has
                else ("missing" if lacks else "unknown")
            )
            mapping.field_state_text = mapping._where(has, lacks)

    def _where(self, has, lacks):
        parts = []
        if has:
            parts.append(self.env._("found in %s", ", ".join(has.mapped("name"))))
        if lacks:
            parts.append(self.env._("missing in %s", ", ".join(lacks.mapped("name"))))
        return "; ".join(parts)

    def _found_fields(self):
        """Return ``{mapping: ac.metadata entries of its field}``; one query for all."""
        keys = {(mapping.ac_field or "").upper() for mapping in self}
        entries = self.env["ac.metadata"].search(
            [
                ("kind", "in", [target.metadata for target in OBJECTS.values()]),
                ("key", "in", [key for key in keys if key]),
                ("active", "=", True),
            ]
        )
        by_key = entries.grouped(lambda entry: (entry.kind, entry.key))
        return {
            mapping: by_key.get(
                (mapping.metadata_kind, (mapping.ac_field or "").upper()),
                entries.browse(),
            )
            for mapping in self
        }

    @api.onchange("ac_field_id")
    def _onchange_ac_field_id(self):
        if self.ac_field_id.key:
            self.ac_field = self.ac_field_id.key

    @api.model_create_multi
    def create(self, vals_list):
        mappings = super().create([self._with_key(vals) for vals in vals_list])
        self.env.registry.clear_cache()
        return mappings

    def write(self, vals):
        result = super().write(self._with_key(vals))
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _with_key(self, vals):
        """Store the chosen field by its tag, which is the same in every account."""
        vals = dict(vals)
        chosen = self.env["ac.metadata"].browse(vals.pop("ac_field_id", None) or [])
        key = chosen.key or vals.get("ac_field")
        if key:
            vals["ac_field"] = key.strip("% ").replace(" ", "_").upper()
        return vals

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import fields as ac_fields
from ..engine import metadata
from ..engine.button import client_of_button
from ..mapping.value import CHOICE, CHOICES

OPTIONS = 100
CONTACT_TYPES = (
    "text textarea hidden date datetime dropdown listbox radio checkbox number"
).split()
ACCOUNT_TYPES = (
    "text textarea hidden date datetime dropdown multiselect radio checkbox number "
    "currency"
).split()
GUESSES = {
    "text": "textarea",
    "html": "textarea",
    "date": "date",
    "datetime": "datetime",
    "integer": "number",
    "float": "number",
    "monetary": "number",
    "selection": "dropdown",
    "boolean": "checkbox",
    "many2many": "listbox",
    "one2many": "listbox",
}
OF_ACCOUNTS = {"listbox": "multiselect"}
TEXTS = ("concatenation", "template", "constant", "date_format", "hash", "encrypt")


class AcFieldCreate(models.TransientModel):
    """Makes the field that a mapping lacks in ActiveCampaign."""

    _name = "ac.field.create"
    _inherit = "ac.own.account"
    _description = "Create a Field in ActiveCampaign"

    _ac_owner = "mapping_id"

    mapping_id = fields.Many2one("ac.field.mapping", required=True, ondelete="cascade")
    object = fields.Selection(related="mapping_id.object")
    config_ids = fields.Many2many(
        "ac.odoo.config",
        string="Accounts",
        domain="[('state', '=', 'confirmed')]",
        required=True,
    )
    title = fields.Char(required=True)
    key = fields.Char("Personalisation Tag", related="mapping_id.ac_field")
    contact_type = fields.Selection(
        [(name, name.title()) for name in CONTACT_TYPES], string="Field Type"
    )
    account_type = fields.Selection(
        [(name, name.title()) for name in ACCOUNT_TYPES], string="Type of Field"
    )
    has_options = fields.Boolean(compute="_compute_has_options")
    options = fields.Text(help="One per line.")

    @api.depends("contact_type", "account_type", "object")
    def _compute_has_options(self):
        for wizard in self:
            wizard.has_options = wizard._type() in CHOICE + CHOICES

    def _type(self):
        return self.contact_type if self.object == "contact" else self.account_type

    @api.model
    def default_get(self, fields_list):
        """Propose title, type and options from what the mapping sends."""
        values = super().default_get(fields_list)
        mapping = self.env["ac.field.mapping"].browse(values.get("mapping_id"))
        if mapping:
            type_ = self._guess(mapping)
            lacking = mapping._configs() - mapping._found_fields()[mapping].config_id
            values |= {
                "config_ids": [fields.Command.set(lacking.ids)],
                "title": mapping.ac_field.replace("_", " ").title(),
                "contact_type": type_,
                "account_type": OF_ACCOUNTS.get(type_, type_),
                "options": "\n".join(self._proposed_options(mapping)[:OPTIONS]),
            }
        return values

    @api.model
    def _guess(self, mapping):
        """Return AC's type (of contacts) that fits what the mapping sends."""
        if mapping.transformation == "lookup":
            return "dropdown"
        field = mapping._last_field()
        if field is None or mapping.transformation in TEXTS:
            return "text"
        return GUESSES.get(field.type, "text")

    @api.model
    def _proposed_options(self, mapping):
        if mapping.transformation == "lookup":
            texts = [*mapping.lookup_ids.mapped("ac_value"), mapping.lookup_default]
            return list(dict.fromkeys(text for text in texts if text))
        field = mapping._last_field()
        if field is None or mapping.transformation in TEXTS:
            return []
        if field.type == "boolean":  # one box to tick
            return [self.env._("Yes")]
        return [value for value, _label in mapping._possible_values()]

    def action_create(self):
        """Make the field, show it on all lists, and take its metadata over.

        A field of that title or tag is used as it is.

        :raise UserError: no account is chosen, or what ActiveCampaign said
        """
        self.ensure_one()
        self.mapping_id.check_access("write")
        if not self.config_ids:
            raise UserError(self.env._("Choose at least one connected account."))
        for config in self.config_ids:
            self._create_in(config)
        return self.env["ac.odoo.config"]._notify(
            self.env._("Created"),
            self.env._("ActiveCampaign has the field “%s” now.", self.title),
        )

    def _create_in(self, config):
        kind = self.mapping_id.metadata_kind
        lines = (self.options or "").splitlines()
        wanted = ac_fields.Wanted(
            title=self.title.strip(),
            type=self._type() or "text",
            key=self.mapping_id.ac_field,
            options=tuple(line.strip() for line in lines if line.strip()),
        )
        with client_of_button(config) as client:
            remote_id = ac_fields.ensure(client, kind, wanted)
            metadata.refresh_kind(config, client, kind)
        entry = self.env["ac.metadata"].search(
            [
                ("config_id", "=", config.id),
                ("kind", "=", kind),
                ("remote_id", "=", remote_id),
            ],
            limit=1,
        )
        if entry.key and entry.key != self.mapping_id.ac_field:
            self.mapping_id.ac_field = entry.key
        self.mapping_id.invalidate_recordset()

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo import api, models
from odoo.exceptions import ValidationError

from ..mapping import template
from ..mapping.value import MappingError


class AcFieldMapping(models.Model):
    _inherit = "ac.field.mapping"

    @api.constrains("object", "transformation", "field_path", "part_ids", "template")
    def _check_paths(self):
        for mapping in self:
            if not mapping._paths() and mapping.transformation not in (
                "constant",
                "template",
            ):
                raise ValidationError(self.env._("Choose the Odoo field."))
            for path in mapping._paths():
                mapping._check_path(path)

    def _check_path(self, path):
        """:raise ValidationError: no such field, or one that the user may not read"""
        model = self.sudo(False).env[self.model]  # some series check as superuser
        for name in path.split("."):
            if model is None or not model.fields_get([name]):
                raise ValidationError(
                    self.env._(
                        "“%(path)s” is not a field of %(model)s.",
                        path=path,
                        model=self.model,
                    )
                )
            field = model._fields[name]
            model = model.env[field.comodel_name] if field.relational else None
            if model is not None:
                model.check_access("read")

    @api.constrains("transformation", "template", "constant", "date_format")
    def _check_transformation(self):
        for mapping in self:
            if mapping.transformation == "template":
                mapping._check_template()
            if mapping.transformation == "constant" and not mapping.constant:
                raise ValidationError(self.env._("Enter the constant."))
            if mapping.transformation == "date_format":
                mapping._check_date_format()

    def _check_template(self):
        if not (self.template or "").strip():
            raise ValidationError(self.env._("Enter the template."))
        try:
            template.compiled(self.template)
        except MappingError as error:
            raise ValidationError(str(error)) from error

    def _check_date_format(self):
        try:
            written = datetime(2026, 12, 31).strftime(self.date_format or "")
        except ValueError:
            written = ""
        if "%" in written or not written.strip():
            raise ValidationError(
                self.env._("“%s” is no date format.", self.date_format or "")
            )

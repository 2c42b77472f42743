# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..engine import vault
from ..mapping import transform
from ..mapping.registry import OBJECTS
from ..mapping.transform import CompiledMapping
from ..mapping.value import MappingError, plain, read


class AcFieldMapping(models.Model):
    _inherit = "ac.field.mapping"

    @api.model
    @ormcache("object_name")
    def _watched(self, object_name):
        """Return the fields whose change marks a record: the registry's and the mapped.

        Of a computed field those that it is computed from.
        """
        mappings = self.sudo().search(
            [("object", "=", object_name), ("direction", "!=", "from_ac")]
        )
        model = self.env[OBJECTS[object_name].model]
        found = set()
        for mapping in mappings:
            for path in mapping._paths():
                self._add_sources(model, path.split(".")[0], found)
        return OBJECTS[object_name].watched | found

    @api.model
    def _add_sources(self, model, name, found):
        """Add to the set `found` a field of `model` and what it is computed from."""
        field = model._fields.get(name)
        if field is None or name in found:
            return
        found.add(name)
        for path in self.env.registry.field_depends[field] if field.compute else ():
            self._add_sources(model, path.split(".")[0], found)

    @api.model
    def _resolve(self, config, synced_object, direction="to_ac"):
        """Return the mappings of one account, ready for a whole chunk of records.

        :param direction: "to_ac" or "from_ac"
        :return: tuple of `mapping.transform.CompiledMapping`; a constant number of
            queries; what the account has no field for is left out
        """
        return self._compiled(config, synced_object.name, direction)

    @api.model
    def _compiled(self, config, object_name, direction="to_ac"):
        mappings = (
            self.sudo()
            .with_context(active_test=True)
            .search(
                [
                    ("object", "=", object_name),
                    ("config_id", "in", [False, config.id]),
                    ("direction", "in", [direction, "both"]),
                ]
            )
        )
        entries = self.env["ac.metadata"]._by_key(
            config, OBJECTS[object_name].metadata, mappings.mapped("ac_field")
        )
        compiled = {}
        for mapping in mappings:
            entry = entries.get(mapping.ac_field)
            if entry and entry.remote_id not in compiled:
                compiled[entry.remote_id] = mapping._compile(entry)
        return tuple(compiled.values())

    def _compile(self, entry):
        """Return the `CompiledMapping` of this line and one field of an account."""
        type_ = entry._field_type()
        return CompiledMapping(
            ac_id=entry.remote_id,
            label=f"{entry.name} ({self.ac_field})",
            source=self._source(),
            policy=self.policy,
            direction=self.direction,
            path=self.field_path if self.transformation == "direct" else "",
            type=type_,
            options=tuple((entry.data or {}).get("fieldOptions") or ()),
            creates=self.create_options,
            currency_of=self._currency_of() if type_ == "currency" else None,
            back=self._back(entry),
        )

    def _source(self):
        """Return ``record -> [value, …]``; of a broken line one that says what broke."""
        try:
            for path in self._paths():
                self._check_field(path)
            return self._make_source()
        except (MappingError, vault.VaultError) as error:
            return _refusing(str(error))

    def _make_source(self):
        path = self.field_path
        make = {
            "direct": lambda: transform.direct(path),
            "lookup": self._make_lookup,
            "concatenation": lambda: transform.concatenation(
                self._paths(), self.separator or ""
            ),
            "template": lambda: transform.from_template(self.template or ""),
            "constant": lambda: transform.constant(self.constant or ""),
            "date_format": lambda: transform.formatted_date(path, self.date_format),
            "hash": lambda: transform.digest(path),
            "encrypt": lambda: transform.sealed(path, vault.sealer(self.env.cr.dbname)),
        }
        return make[self.transformation]()

    def _make_lookup(self):
        table = {line.value or "": line.ac_value for line in self.lookup_ids}
        return transform.lookup(self.field_path, table, self.lookup_default or "")

    def _check_field(self, path):
        """:raise MappingError: a module that had the field is gone, for example"""
        model = self.env[self.model]
        for name in path.split("."):
            field = model._fields.get(name) if model is not None else None
            if field is None:
                raise MappingError(
                    f"“{path}” is not a field of {self.model}. Correct the mapping."
                )
            model = self.env[field.comodel_name] if field.relational else None

    def _source_values(self, record):
        """Return the texts of the Odoo fields that the mapping reads."""
        found = []
        for path in self._paths():
            try:
                found += [plain(value) for value in read(record, path)]
            except (KeyError, MappingError):  # the line's problem says what is wrong
                continue
        return found

    def _currency_of(self):
        """Return ``record -> code`` of the currency that an amount is in."""
        *steps, name = (self.field_path or "id").split(".")

        def currency(record):
            owner = record.mapped(".".join(steps))[:1] if steps else record
            field = owner._fields[name]
            monetary = field.type == "monetary" and field.get_currency_field(owner)
            own = owner[monetary] if monetary else None
            return (own or record.env.company.currency_id).name

        return currency

    @api.model
    def apply_field_mapping(self, record, config=None, object_name="contact"):
        """Return the custom fields of `record` as the API takes them.

        ``{"fieldValues": [{"field": id, "value": text}]}`` for a contact (OAS
        create-a-new-contact), ``{"fields": [{"customFieldId": id, "fieldValue": text
        [, "fieldCurrency": code]}]}`` for an account (OAS create-an-account-new);
        empty values are left out.

        :param config: an `ac.odoo.config`; the first connected account by default
        :raise UserError: no account is connected, or a value does not fit its field
        """
        record.ensure_one()
        record.check_access("read")
        config = config or self.env["ac.odoo.config"]._confirmed()[:1]
        if not config:
            raise UserError(self.env._("No ActiveCampaign account is connected."))
        mappings = self._compiled(config, object_name)
        try:
            found = [(each, each.value(record)) for each in mappings]
        except MappingError as error:
            raise UserError(str(error)) from error
        filled = [(each, text) for each, text in found if text]
        if object_name == "contact":
            return {"fieldValues": [_field_value(*pair) for pair in filled]}
        return {"fields": [_custom_field(*pair, record) for pair in filled]}


def _field_value(mapping, text):
    return {"field": mapping.ac_id, "value": text}


def _custom_field(mapping, text, record):
    currency = mapping.currency(record)
    return {
        "customFieldId": mapping.ac_id,
        "fieldValue": text,
        **({"fieldCurrency": currency} if currency else {}),
    }


def _refusing(message):
    def source(record):
        raise MappingError(message)

    return source

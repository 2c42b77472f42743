# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine.metadata import KINDS, key_of, name_of


class AcMetadata(models.Model):
    """One entry of an account's own vocabulary: a field, a tag, a stage …"""

    _name = "ac.metadata"
    _description = "ActiveCampaign Metadata"
    _order = "config_id, kind, name"
    _rec_names_search = ["name", "key"]

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    kind = fields.Selection(
        [(kind, kind.replace("_", " ").title()) for kind in KINDS],
        required=True,
        readonly=True,
    )
    remote_id = fields.Char("ActiveCampaign ID", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    key = fields.Char(
        readonly=True,
        index=True,
        help="The personalisation tag of a custom field, without %; the same in every "
        "account that has the field.",
    )
    data = fields.Json(readonly=True)
    active = fields.Boolean(default=True, readonly=True)

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_metadata_unique "
            "ON ac_metadata (config_id, kind, remote_id)"
        )

    @api.model
    def _store(self, config, kind, records, complete=False):
        """Write AC's records of one kind.

        :param records: AC's objects, each with an `id`
        :param complete: these are all; entries that are missing are archived
        """
        known = self.with_context(active_test=False).search(
            [("config_id", "=", config.id), ("kind", "=", kind)]
        )
        by_remote_id = {entry.remote_id: entry for entry in known}
        new, seen = [], self.browse()
        for record in records:
            values = self._values(config, kind, record)
            entry = by_remote_id.get(values["remote_id"])
            if not entry:
                new.append(values)
            elif any(
                entry[name] != values[name]
                for name in ("name", "key", "data", "active")
            ):
                entry.write(values)
            seen |= entry or self.browse()
        self.create(new)
        if complete:
            (known - seen).filtered("active").active = False

    @api.model
    def _values(self, config, kind, record):
        return {
            "config_id": config.id,
            "kind": kind,
            "remote_id": str(record["id"]),
            "name": name_of(kind, record),
            "key": key_of(kind, record),
            "data": {k: v for k, v in record.items() if k != "links"},
            "active": True,
        }

    @api.model
    def _entries(self, config, kind):
        """Return what the account has now; archived entries are gone over there."""
        return self.search(
            [
                ("config_id", "=", config.id),
                ("kind", "=", kind),
                ("active", "=", True),
            ]
        )

    @api.model
    def _has_contact_scores(self, config):
        """Whether asking a contact for its scores can tell anything."""
        scores = self._entries(config, "score")
        return any((s.data or {}).get("reltype") == "contact" for s in scores)

    @api.model
    def _ids_by_name(self, config, kind):
        """Return ``{lower-case name: AC id}``."""
        entries = self._entries(config, kind)
        return {entry.name.lower(): entry.remote_id for entry in entries}

    @api.model
    def _by_key(self, config, kind, keys):
        """Return ``{personalisation tag: entry}`` of an account's custom fields."""
        entries = self.sudo().search(
            [
                ("config_id", "=", config.id),
                ("kind", "=", kind),
                ("key", "in", list(keys)),
                ("active", "=", True),
            ]
        )
        return {entry.key: entry for entry in reversed(entries)}

    def _of(self, config):
        """Return the entries of one account, or all where none is given."""
        return self.filtered(lambda e: e.config_id == config) if config else self

    def _field_type(self):
        """Return AC's type of a custom field ("text", "dropdown" …)."""
        data = self.data or {}
        return data.get("type") or data.get("fieldType") or "text"

    @api.depends("name", "key")
    @api.depends_context("ac_show_key")
    def _compute_display_name(self):
        if not self.env.context.get("ac_show_key"):
            return super()._compute_display_name()
        several = len(self.config_id) > 1
        for entry in self:
            account = f" · {entry.config_id.name}" if several else ""
            entry.display_name = f"{entry.name} ({entry.key}){account}"

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..mapping.contact import SUBSCRIBED
from ..mapping.registry import OBJECTS

FIELD_KINDS = tuple(row.metadata for row in OBJECTS.values() if row.metadata)


class AcBinding(models.Model):
    """What ActiveCampaign was told last, with names instead of ids.

    `sent` holds no values, so none are shown: only which fields had one.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.binding"

    told_tags = fields.Text(
        "Tags",
        compute="_compute_told",
        help="Those that Odoo has set. Tags made in ActiveCampaign are never touched.",
    )
    told_lists = fields.Text("Lists", compute="_compute_told")
    told_automations = fields.Text("Automations", compute="_compute_told")
    told_account = fields.Char("Linked Company", compute="_compute_told")
    told_fields = fields.Text("Fields with a Value", compute="_compute_told")

    @api.depends("sent", "config_id", "object")
    def _compute_told(self):
        names = self._vocabulary()
        companies = self._told_companies()
        for binding in self:
            told = binding.sent or {}
            automations = told.get("automations", {})
            account = (told.get("account") or {}).get("id")
            binding.told_tags = "\n".join(sorted(told.get("tags", ()), key=str.lower))
            binding.told_lists = binding._told_lists(told.get("lists", {}), names)
            binding.told_automations = "\n".join(
                binding._named(names, "automation", automations)
            )
            binding.told_account = companies.get((binding.config_id, account), account)
            binding.told_fields = "\n".join(
                binding._named(
                    names,
                    OBJECTS[binding.object].metadata,
                    told.get("filled", ()),
                )
            )

    def _told_lists(self, lists, names):
        yes, no = self.env._("subscribed"), self.env._("unsubscribed")
        labels = zip(self._named(names, "list", lists), lists.values(), strict=True)
        lines = [f"{name}: {yes if s == SUBSCRIBED else no}" for name, s in labels]
        return "\n".join(lines)

    def _named(self, names, kind, ids):
        return [names.get((self.config_id.id, kind, str(id_)), str(id_)) for id_ in ids]

    def _vocabulary(self):
        """Return ``{(config id, kind, AC id): name}`` of all that the links mention."""
        parts = ("lists", "automations", "filled")
        ids = {
            str(id_) for b in self for p in parts for id_ in (b.sent or {}).get(p, ())
        }
        entries = (
            self.env["ac.metadata"]
            .with_context(active_test=False)  # deleted over there, yet told once
            .search_fetch(
                [
                    ("config_id", "in", self.config_id.ids),
                    ("kind", "in", ("list", "automation", *FIELD_KINDS)),
                    ("remote_id", "in", list(ids)),
                ],
                ["config_id", "kind", "remote_id", "name"],
            )
        )
        return {(e.config_id.id, e.kind, e.remote_id): e.name for e in entries}

    def _told_companies(self):
        """Return ``{(config, AC account id): name}`` of the contacts' companies."""
        ids = {(b.sent or {}).get("account", {}).get("id") for b in self} - {None}
        links = ids and self.search(
            [
                ("config_id", "in", self.config_id.ids),
                ("object", "=", "account"),
                ("remote_id", "in", list(ids)),
            ]
        )
        return {(link.config_id, link.remote_id): link.display_name for link in links}

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL, split_every

from ..engine import marks
from ..mapping.registry import OBJECTS

CHUNK = 1000
SOME = 5  # names shown beside a count
CHANGES = [("1", "Subscribe"), ("2", "Unsubscribe")]


class AcListPreview(models.TransientModel):
    """Who would be subscribed and unsubscribed if everybody were sent now."""

    _name = "ac.list.preview"
    _inherit = "ac.own.account"
    _description = "Preview of List Changes"

    config_id = fields.Many2one(
        "ac.odoo.config", string="Account", required=True, ondelete="cascade"
    )
    consent_mode = fields.Selection(related="config_id.consent_mode")
    scope_count = fields.Integer("Partners in Scope", readonly=True)
    line_ids = fields.One2many("ac.list.preview.line", "preview_id", readonly=True)
    people_count = fields.Integer("People Concerned", readonly=True)
    state = fields.Selection([("new", "New"), ("sent", "Sent")], default="new")

    def _compare(self):
        """Fill the preview; a constant number of queries per 1,000 partners."""
        self.ensure_one()
        partners = self.env["res.partner"]
        ids = self._scope().get_result_ids()
        for chunk in split_every(CHUNK, ids):
            self._compare_chunk(partners.browse(chunk))
            self.env.invalidate_all()
        self.scope_count = len(ids)
        self._count()

    def _scope(self):
        """Return the query of the partners that the account is sent."""
        config = self.config_id
        domain = config._domain()
        if config.company_id:
            domain += [("company_id", "in", (False, config.company_id.id))]
        return self.env["res.partner"].with_context(active_test=True)._search(domain)

    def _compare_chunk(self, partners):
        consents = self.env["ac.consent"].sudo()
        told = consents._told(self.config_id, partners)
        wanted = self.config_id._lists_now(partners)
        changes = [
            (partner_id, list_id, str(status))
            for partner_id, lists in wanted.items()
            for list_id, status in lists.items()
            if told.get(partner_id, {}).get(list_id) != status
        ]
        self._store(changes)

    def _store(self, changes):
        """Insert ``[(partner id, AC list id, status), ...]`` in one statement."""
        if not changes:
            return
        partner_ids, list_ids, statuses = map(list, zip(*changes, strict=True))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ac_list_preview_entry (preview_id, partner_id, list_key,
                    list_id, change, create_uid, create_date)
                SELECT %(preview)s, v.partner_id, v.list_key, m.id, v.change,
                    %(uid)s, %(now)s
                FROM unnest(%(partners)s::int[], %(lists)s::text[],
                    %(changes)s::text[]) AS v(partner_id, list_key, change)
                LEFT JOIN ac_metadata m ON m.config_id = %(config)s
                    AND m.kind = 'list' AND m.remote_id = v.list_key
                """,
                preview=self.id,
                uid=self.env.uid,
                now=marks.NOW,
                partners=partner_ids,
                lists=list_ids,
                changes=statuses,
                config=self.config_id.id,
            )
        )

    def _count(self):
        """Make one line per list from the entries."""
        entries = self.env["ac.list.preview.entry"]
        entries.invalidate_model(flush=False)
        mine = [("preview_id", "=", self.id)]
        [(self.people_count,)] = entries._read_group(
            mine, aggregates=["partner_id:count_distinct"]
        )
        counts = {}
        for list_, key, change, count in entries._read_group(
            mine, ["list_id", "list_key", "change"], ["__count"]
        ):
            counts.setdefault((list_, key), {})[change] = count
        for entry in self.config_id.list_ids:  # also those where nothing changes
            counts.setdefault((entry, entry.remote_id), {})
        self.line_ids = [
            fields.Command.create(self._line(list_, key, of))
            for (list_, key), of in counts.items()
        ]

    def _line(self, list_, key, counts):
        subscribe, unsubscribe = (counts.get(code, 0) for code, _name in CHANGES)
        return {
            "list_key": key,
            "name": list_.name or self.env._("List %s", key),
            "subscribe": subscribe,
            "unsubscribe": unsubscribe,
            "unchanged": self.scope_count - subscribe - unsubscribe,
            "names": self._some_names(key) if counts else False,
        }

    def _some_names(self, key):
        entries = self.env["ac.list.preview.entry"].search(
            [("preview_id", "=", self.id), ("list_key", "=", key)], limit=SOME + 1
        )
        names = [entry.partner_id.display_name for entry in entries[:SOME]]
        return ", ".join(names) + (" …" if len(entries) > SOME else "")

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview List Changes"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_people(self):
        """List everybody whose lists would change."""
        return self._people_action([])

    def _people_action(self, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("List Changes"),
            "res_model": "ac.list.preview.entry",
            "views": [(False, "list")],
            "domain": [("preview_id", "=", self.id), *domain],
            "context": {"search_default_group_change": 1},
        }

    def action_apply(self):
        """Mark exactly the people of the preview; the job runner sends them."""
        self.ensure_one()
        self.config_id._check_operator()
        partners = self.env["res.partner"].with_context(active_test=False)
        query = partners._search([])
        query.add_where(
            SQL(
                "res_partner.id IN (SELECT partner_id FROM ac_list_preview_entry "
                "WHERE preview_id = %s)",
                self.id,
            )
        )
        count = marks.mark_query(self.config_id, OBJECTS["contact"], query)
        self.config_id._enqueue("run")
        self.state = "sent"
        return self.config_id._notify(
            self.env._("Under way"),
            self.env._("%s people will be sent to ActiveCampaign.", count),
        )


class AcListPreviewLine(models.TransientModel):
    """What would happen to one list."""

    _name = "ac.list.preview.line"
    _description = "Preview of One List"
    _order = "name, id"

    preview_id = fields.Many2one("ac.list.preview", required=True, ondelete="cascade")
    list_key = fields.Char(required=True)
    name = fields.Char("List", required=True)
    subscribe = fields.Integer()
    unsubscribe = fields.Integer()
    unchanged = fields.Integer("Left Alone")
    names = fields.Char("Among Them")

    def action_people(self):
        """List those whose subscription to this list would change."""
        return self.preview_id._people_action([("list_key", "=", self.list_key)])


class AcListPreviewEntry(models.TransientModel):
    """One person and one list of a preview."""

    _name = "ac.list.preview.entry"
    _inherit = "ac.guarded"
    _description = "Previewed List Change"
    _order = "change, id"

    preview_id = fields.Many2one(
        "ac.list.preview", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    email = fields.Char(related="partner_id.email")
    list_key = fields.Char(required=True)
    list_id = fields.Many2one("ac.metadata", ondelete="set null")
    change = fields.Selection(CHANGES, required=True)

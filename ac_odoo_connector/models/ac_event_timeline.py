# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import event_words
from ..engine.consent_appliers import list_ids
from ..engine.told import Told

RECENT = 1000
"""Events of a kind that are asked for the names of campaigns."""


class AcEvent(models.Model):
    """An event in words, and what became of it on a timeline."""

    _inherit = "ac.event"
    _rec_name = "happening"
    _rec_names_search = ["type"]

    happening = fields.Char(
        "What Happened", compute="_compute_words", compute_sudo=True
    )
    campaign = fields.Char(compute="_compute_words", compute_sudo=True)
    on_timeline = fields.Boolean(
        readonly=True, help="Noted and counted: a replay does neither again."
    )
    note_id = fields.Many2one(
        "mail.message",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    topic = fields.Char(
        readonly=True, help="Events of one topic within an hour share a note."
    )

    def init(self):
        result = super().init()
        self.env.cr.execute(
            """
            CREATE INDEX IF NOT EXISTS ac_event_topic
                ON ac_event (partner_id, topic, occurred_at) WHERE topic IS NOT NULL;
            """
        )
        return result

    @api.depends("type", "payload")
    @api.depends_context("lang")
    def _compute_words(self):
        """Users may not read what ActiveCampaign sent, but what notes say of it."""
        for event in self:
            told = Told(event, self.env.lang or "en_US")
            event.happening = event_words.happening(told)
            event.campaign = event_words.campaign(told)

    def _list_names(self):
        """Return the names of the event's lists, "" when none is known."""
        names = (self._name_of("list", id_) for id_ in list_ids(self.payload))
        return ", ".join(filter(None, names))

    def _name_of(self, kind, remote_id):
        """Return what the metadata call an id, "" when nothing but a number is known;
        read once per account and transaction."""
        read = self.env.cr.precommit.data.setdefault("ac_names", {})
        where = (self.config_id.id, kind)
        if where not in read:
            entries = self.env["ac.metadata"].with_context(active_test=False)
            known = entries.search_fetch(
                [("config_id", "=", self.config_id.id), ("kind", "=", kind)],
                ["remote_id", "name"],
            )
            read[where] = {
                entry.remote_id: entry.name
                for entry in known
                if entry.name != entry.remote_id  # noted before it was fetched
            }
        return read[where].get(remote_id) or ""

    def _campaign_name(self, remote_id):
        """Return what other events have called a campaign: its ``sent``, or opens and
        clicks (mails of automations have no ``sent``); other types tell its number only.
        Read once per account and transaction."""
        read = self.env.cr.precommit.data.setdefault("ac_campaigns", {})
        if self.config_id.id not in read:
            self.env.cr.execute(
                """
                SELECT told.campaign->>'id', told.campaign->>'name'
                FROM unnest(ARRAY['sent', 'open', 'click']) AS kind
                CROSS JOIN LATERAL (
                    SELECT id, payload->'campaign' AS campaign FROM ac_event
                    WHERE config_id = %s AND type = kind AND payload IS NOT NULL
                    ORDER BY id DESC LIMIT %s) AS told
                WHERE told.campaign->>'name' <> ''
                ORDER BY told.id
                """,
                (self.config_id.id, RECENT),
            )
            read[self.config_id.id] = dict(self.env.cr.fetchall())
        return read[self.config_id.id].get(remote_id) or ""

    def _linked(self, name, remote_id):
        """Return the link of an object (registry's name) of the event's account."""
        if not remote_id:
            return self.env["ac.binding"]
        return self.env["ac.binding"].search(
            [
                ("config_id", "=", self.config_id.id),
                ("object", "=", name),
                ("remote_id", "=", remote_id),
            ],
            limit=1,
        )

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..engine.consent_appliers import list_ids


class AcEvent(models.Model):
    """What became of an event on a timeline."""

    _inherit = "ac.event"

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

    def _list_names(self):
        """Return the names of the event's lists, "" when it is about none."""
        return ", ".join(self._name_of("list", id_) for id_ in list_ids(self.payload))

    def _name_of(self, kind, remote_id):
        """Return what the metadata call an id; read once per account and transaction."""
        read = self.env.cr.precommit.data.setdefault("ac_names", {})
        where = (self.config_id.id, kind)
        if where not in read:
            entries = self.env["ac.metadata"].with_context(active_test=False)
            known = entries.search_fetch(
                [("config_id", "=", self.config_id.id), ("kind", "=", kind)],
                ["remote_id", "name"],
            )
            read[where] = {entry.remote_id: entry.name for entry in known}
        return read[where].get(remote_id) or f"#{remote_id}"

    def _campaign_name(self, remote_id):
        """Return what the ``sent`` of a campaign has called it; read once per account and
        transaction. Types other than opens and clicks tell its number only."""
        read = self.env.cr.precommit.data.setdefault("ac_campaigns", {})
        if self.config_id.id not in read:
            self.env.cr.execute(
                """
                SELECT payload->'campaign'->>'id', payload->'campaign'->>'name'
                FROM ac_event
                WHERE config_id = %s AND type = 'sent' AND payload IS NOT NULL
                ORDER BY id
                """,
                (self.config_id.id,),
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

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.exceptions import UserError


class AcEvent(models.Model):
    """One thing that ActiveCampaign told us; the inbox."""

    _name = "ac.event"
    _description = "ActiveCampaign Event"
    _order = "id desc"
    _rec_name = "type"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    type = fields.Char(required=True, readonly=True)
    source = fields.Selection(
        [
            ("webhook", "Webhook"),
            ("poll", "Polling"),
            ("reconcile", "Reconciliation"),
        ],
        "Heard By",
        required=True,
        default="webhook",
        readonly=True,
    )
    remote_contact_id = fields.Char("Contact in ActiveCampaign", readonly=True)
    subject = fields.Char(
        readonly=True,
        help="A later event about the same makes an earlier one outdated.",
    )
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    occurred_at = fields.Datetime(readonly=True, help="By ActiveCampaign's clock.")
    create_date = fields.Datetime("Received", readonly=True)
    payload = fields.Json(readonly=True, groups="ac_odoo_connector.group_operator")
    payload_dropped = fields.Boolean(
        "Content Dropped",
        readonly=True,
        help="What ActiveCampaign sent was dropped after the time that the account says.",
    )
    payload_text = fields.Text(
        "Content",
        compute="_compute_payload_text",
        groups="ac_odoo_connector.group_operator",
    )
    known = fields.Json(
        "Contact as Read",
        readonly=True,
        groups="ac_odoo_connector.group_operator",
        help="The contact that polling had just read; dropped when it is applied.",
    )
    key = fields.Char(readonly=True, help="Two deliveries of one event have one key.")
    state = fields.Selection(
        [
            ("new", "New"),
            ("applying", "Being Applied"),
            ("waiting", "Waiting For Its Partner"),
            ("done", "Applied"),
            ("ignored", "Nothing To Do"),
            ("failed", "Tried Again Later"),
            ("dead", "Failed"),
        ],
        required=True,
        default="new",
        readonly=True,
    )
    claim = fields.Char(readonly=True, help="The worker that is applying it.")
    claimed_until = fields.Datetime(readonly=True)
    next_try_at = fields.Datetime("Next Try", readonly=True)
    tries = fields.Integer(readonly=True)
    message = fields.Char(readonly=True)
    link_id = fields.Many2one("ac.binding", compute="_compute_link")
    linked_partner_id = fields.Many2one("res.partner", compute="_compute_link")

    def init(self):
        self.env.cr.execute(
            """
            DROP INDEX IF EXISTS ac_event_due, ac_event_partner;
            CREATE UNIQUE INDEX IF NOT EXISTS ac_event_key
                ON ac_event (config_id, key);
            CREATE INDEX IF NOT EXISTS ac_event_open
                ON ac_event (config_id, id) WHERE state IN ('new', 'failed', 'applying');
            CREATE INDEX IF NOT EXISTS ac_event_order
                ON ac_event (config_id, remote_contact_id, id)
                WHERE state IN ('failed', 'applying');
            CREATE INDEX IF NOT EXISTS ac_event_waiting
                ON ac_event (config_id, remote_contact_id) WHERE state = 'waiting';
            CREATE INDEX IF NOT EXISTS ac_event_unsettled
                ON ac_event (config_id, state)
                WHERE state IN ('new', 'applying', 'failed', 'dead');
            CREATE INDEX IF NOT EXISTS ac_event_received
                ON ac_event USING brin (create_date);
            CREATE INDEX IF NOT EXISTS ac_event_claim
                ON ac_event (claim) WHERE claim IS NOT NULL;
            CREATE INDEX IF NOT EXISTS ac_event_subject
                ON ac_event (config_id, subject, occurred_at)
                WHERE subject IS NOT NULL AND state = 'done';
            CREATE INDEX IF NOT EXISTS ac_event_type ON ac_event (config_id, type, id);
            CREATE INDEX IF NOT EXISTS ac_event_of_partner
                ON ac_event (partner_id, id) WHERE partner_id IS NOT NULL;
            """
        )

    @api.depends("payload")
    def _compute_payload_text(self):
        for event in self:
            event.payload_text = json.dumps(
                event.payload or {}, indent=2, ensure_ascii=False
            )

    @api.depends("remote_contact_id")
    def _compute_link(self):
        """Two queries, however many events; see `_forget_links`."""
        links = self.env["ac.binding"].search(
            [
                ("config_id", "in", self.config_id.ids),
                ("object", "=", "contact"),
                ("remote_id", "in", self._ids_of("remote_contact_id")),
            ]
        )
        partners = self.env["res.partner"].browse(links.mapped("res_id")).exists()
        there = set(partners.ids)
        found = {(link.config_id.id, link.remote_id): link for link in links}
        for event in self:
            link = found.get((event.config_id.id, event.remote_contact_id), links[:0])
            event.link_id = link
            event.linked_partner_id = link.res_id in there and link.res_id

    def _ids_of(self, name):
        return list({event[name] for event in self if event[name]})

    def _forget_links(self):
        """Look again whether the contacts are linked: an applier may have done it."""
        self.invalidate_recordset(["link_id", "linked_partner_id"], flush=False)

    def _value(self, *path):
        """Return the text at a path of the payload, ``""`` when it is not there."""
        node = self.payload
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        return node if isinstance(node, str) else ""

    def _binding(self):
        """Return the link of the contact that the event is about."""
        self.ensure_one()
        return self.link_id

    def _deal_binding(self):
        """Return the link of the deal that the event is about."""
        self.ensure_one()
        return self.env["ac.binding"].search(
            [
                ("config_id", "=", self.config_id.id),
                ("object", "=", "deal"),
                ("remote_id", "=", self._value("deal", "id")),
                ("remote_id", "!=", False),
            ],
            limit=1,
        )

    def _partner(self):
        """Return the partner that the event is about, empty when there is none."""
        self.ensure_one()
        return self.linked_partner_id

    def _last_applied(self, by="occurred_at"):
        """Return ``{subject: when the last applied event about it happened}``.

        :param by: ``write_date``: when it was applied, by our own clock
        """
        groups = self._read_group(
            [
                ("config_id", "in", self.config_id.ids),
                ("subject", "in", self._ids_of("subject")),
                ("state", "=", "done"),
            ],
            ["subject"],
            [f"{by}:max"],
        )
        return {subject: moment for subject, moment in groups if moment}

    def action_replay(self):
        """Apply the events once more in the background, in the order they came.

        :raise UserError: nothing can be applied: the contents were dropped
        """
        self.config_id._check_operator()
        again = self.sudo().filtered(
            lambda e: e.state != "applying" and not e.payload_dropped
        )
        if self and not again:
            raise UserError(
                self.env._(
                    "The content of these events was dropped after the time that the "
                    "account says, or they are being applied right now."
                )
            )
        again.write(
            {"state": "new", "tries": 0, "next_try_at": False, "message": False}
        )
        for config in again.config_id:
            config._enqueue("inbox")
        return self._notify_replayed(len(again))

    def _notify_replayed(self, count):
        message = self.env._(
            "%s event(s) will be applied once more in a moment, in the background.",
            count,
        )
        if count < len(self):
            message += " " + self.env._(
                "The content of the others was dropped, or they are being applied "
                "right now."
            )
        return self.env["ac.odoo.config"]._notify(self.env._("Replayed"), message)

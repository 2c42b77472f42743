# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from typing import NamedTuple

from odoo import api, fields, models


class NextContact(NamedTuple):
    """Whose turn it is: plain values, that outlive the transaction."""

    remote_id: str
    res_id: int


class AcPollState(models.Model):
    """How far one stream of one account has been asked for news."""

    _name = "ac.poll.state"
    _description = "ActiveCampaign Polling"
    _order = "config_id, id"
    _rec_name = "stream"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    stream = fields.Selection(
        [
            ("contacts", "Contacts"),
            ("lists", "Unsubscribes and Bounces"),
            ("deals", "Deals"),
            ("activities", "Opens and Clicks"),
        ],
        required=True,
        readonly=True,
    )
    enabled = fields.Boolean("Asked For", default=True)
    state = fields.Selection(
        [
            ("idle", "Up To Date"),
            ("running", "Under Way"),
            ("paused", "Goes On Next Time"),
            ("failed", "Failed"),
        ],
        required=True,
        default="idle",
        readonly=True,
    )
    cursor = fields.Datetime(
        "Heard Until",
        readonly=True,
        help="Everything that changed before this moment has been taken in.",
    )
    began_at = fields.Datetime("Pass Began", readonly=True)
    visited_at = fields.Datetime("Last Visit", readonly=True)
    full_pass_at = fields.Datetime("Last Full Pass", readonly=True)
    position = fields.Json(readonly=True, groups="ac_odoo_connector.group_operator")
    position_text = fields.Text(
        "Position in Words",
        compute="_compute_position_text",
        groups="ac_odoo_connector.group_operator",
    )
    pages = fields.Integer(readonly=True, help="Requests of this pass.")
    found = fields.Integer("New Events", readonly=True, help="Of this pass.")
    message = fields.Char("What Went Wrong", readonly=True)

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_poll_state_stream "
            "ON ac_poll_state (config_id, stream)"
        )

    @api.depends("position")
    def _compute_position_text(self):
        for state in self:
            position = dict(state.position or {})
            if seen := position.pop("seen", None):
                position["seen"] = len(seen)
            state.position_text = json.dumps(position, indent=2) if position else False

    @api.depends("stream")
    def _compute_display_name(self):
        labels = dict(self._fields["stream"]._description_selection(self.env))
        for state in self:
            state.display_name = labels.get(state.stream)

    @api.model
    def _of(self, config, stream):
        return self.search([("config_id", "=", config.id), ("stream", "=", stream)])

    @api.model
    def _set_up(self, config, stream):
        """Return the row of a stream, made with what happens from now on."""
        values = {"config_id": config.id, "stream": stream}
        return self._of(config, stream) or self.create(
            {**values, "cursor": fields.Datetime.now()}
        )

    @api.model
    def _next_contact(self, config, after):
        """Return `NextContact`, the linked contact with the next higher AC id, or None."""
        self.env.cr.execute(
            """
            SELECT remote_id, res_id FROM ac_binding
            WHERE config_id = %s AND object = 'contact'
                AND remote_id ~ '^[0-9]{1,18}$' AND remote_id::bigint > %s
            ORDER BY remote_id::bigint LIMIT 1
            """,
            (config.id, int(after or 0)),
        )
        found = self.env.cr.fetchone()
        return found and NextContact(*found)

    def action_poll_now(self):
        """Ask for news in the background."""
        self.config_id._check_operator()
        for state in self:
            state.config_id._enqueue(f"poll_{state.stream}")
        return self.config_id[:1]._notify(
            self.env._("Asking ActiveCampaign"),
            self.env._("What is new will be among the events in a moment."),
        )

    def action_start_over(self):
        """Forget a pass that was stopped in the middle; the next one begins anew."""
        self.config_id._check_operator()
        self.sudo().write({"position": False, "state": "idle", "message": False})
        return self.action_poll_now()


class AcBinding(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.binding"

    def init(self):
        """One look-up finds the contact whose turn it is."""
        result = super().init()
        self.env.cr.execute(
            """
            CREATE INDEX IF NOT EXISTS ac_binding_contact_number
                ON ac_binding (config_id, (remote_id::bigint))
                WHERE object = 'contact' AND remote_id ~ '^[0-9]{1,18}$'
            """
        )
        return result

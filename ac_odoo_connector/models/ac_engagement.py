# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import engagement
from ..engine.transaction import transaction

FIGURES = (
    *("sent_count", "open_count", "click_count", "reply_count"),
    *("share_count", "bounce_count", "score"),
)
"""What the partner's form shows, in this order."""
ALWAYS = ("open_count", "click_count")  # the others when there is something to see
LEVELS = [
    ("hot", "Hot"),
    ("warm", "Warm"),
    ("cold", "Cold"),
    ("asleep", "Asleep"),
    ("left", "Unsubscribed"),
    ("lost", "Unreachable"),
]
"""The hottest first, as lists and charts show them."""


class AcEngagement(models.Model):
    """How a person deals with our mails, summed up; one row per partner.

    A table of its own, so that counting never disturbs somebody who edits the
    partner. Only `engine.engagement` writes here.
    """

    _name = "ac.engagement"
    _description = "ActiveCampaign Engagement"
    _order = "level, last_at desc nulls last, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    level = fields.Selection(
        LEVELS,
        string="Engagement",
        readonly=True,
        index="btree_not_null",
        help="Hot: clicked or replied within 14 days, and has not unsubscribed. Warm: "
        "opened, clicked, replied or passed a mail on within 30 days. Cold: within 90 "
        "days. Asleep: longer ago, or never. Unsubscribed: and nothing since. "
        "Unreachable: the last mail bounced for good.",
    )
    score = fields.Integer(readonly=True, help="As ActiveCampaign computes it.")
    has_score = fields.Boolean(readonly=True)
    sent_count = fields.Integer("Sent", readonly=True)
    open_count = fields.Integer("Opens", readonly=True)
    click_count = fields.Integer("Clicks", readonly=True)
    reply_count = fields.Integer("Replies", readonly=True)
    share_count = fields.Integer("Passed On", readonly=True)
    bounce_count = fields.Integer("Bounces", readonly=True)
    last_at = fields.Datetime("Last Engaged", readonly=True)
    last_open_at = fields.Datetime("Last Open", readonly=True)
    last_click_at = fields.Datetime("Last Click", readonly=True)
    last_reply_at = fields.Datetime("Last Reply", readonly=True)
    last_bounce_at = fields.Datetime("Last Hard Bounce", readonly=True)
    last_campaign = fields.Char(readonly=True)
    last_campaign_at = fields.Datetime("Campaign Seen", readonly=True)

    def init(self):
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS ac_engagement_partner
                ON ac_engagement (partner_id);
            CREATE INDEX IF NOT EXISTS ac_engagement_last
                ON ac_engagement (last_at DESC, partner_id);
            """
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort levels by how warm they are, not by their codes."""
        if field_name != "level":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        column = self._field_to_sql(alias, field_name, query)
        return SQL("%s %s %s", _coolness(column), direction, nulls)

    def _read_group_orderby(self, order, groupby_terms, query):
        """Let groups and slices of charts begin with the hottest."""
        if "level" not in groupby_terms:
            return super()._read_group_orderby(order, groupby_terms, query)
        level = groupby_terms["level"]
        ranked = {**groupby_terms, "level": _coolness(level)}
        ordered = super()._read_group_orderby(order, ranked, query)
        groupby_terms.update(ranked, level=level)  # Odoo 19 may have added others
        return ordered

    @api.model
    def _cron_age(self):
        """Cool down who has been silent; forget days that no chart shows any more.

        In a transaction that waits for rows which are being counted just now.
        """
        if self.env["ac.odoo.config"]._all_stopped():
            return
        with transaction(self.env) as env:
            engagement.age(env)
        self.env["ac.engagement"].invalidate_model()

    @api.model
    def _glanced(self):
        """Return the names of the fields that `_glance` reads."""
        return ("level", "last_at", "last_campaign", *FIGURES)

    def _glance(self):
        """Return what the partner's form shows of it, ready to be read."""
        levels = dict(self._fields["level"]._description_selection(self.env))
        return {
            "level": self.level,
            "level_name": levels.get(self.level, ""),
            "last_at": fields.Datetime.to_string(self.last_at),
            "campaign": self.last_campaign,
            "figures": [
                {
                    "name": name.removesuffix("_count"),
                    "label": self._fields[name]._description_string(self.env),
                    "number": self[name],
                }
                for name in FIGURES
                if self[name] or name in ALWAYS
            ],
        }

    def action_open_partner(self):
        """Open the person."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }


def _coolness(column):
    """Return SQL for the place of a level among all."""
    codes = [code for code, _label in LEVELS]
    return SQL("array_position(%s::varchar[], %s)", codes, column)


class AcEngagementDay(models.Model):
    """Opens and clicks of a person on one day (UTC), for the chart."""

    _name = "ac.engagement.day"
    _description = "ActiveCampaign Engagement of a Day"
    _order = "day desc, id desc"
    _rec_name = "day"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(required=True, readonly=True, index=True)
    opens = fields.Integer(readonly=True)
    clicks = fields.Integer(readonly=True, help="And replies, forwards and shares.")

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_engagement_day_unique "
            "ON ac_engagement_day (partner_id, day)"
        )

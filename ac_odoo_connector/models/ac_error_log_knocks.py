# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models

from ..engine.remedies import remedy_for

CODE = "wrong_token"
TOGETHER = timedelta(hours=1)
MOST_LINES = 50
SOLVED_AFTER = timedelta(days=7)
LOCK = 5550123  # of this addon alone: workers must not both make the hour's entry


class AcErrorLog(models.Model):
    """Webhooks that were refused: one entry an hour, with where from."""

    _inherit = "ac.error.log"

    config_id = fields.Many2one(
        required=False,
        help="Empty where it cannot be told, as with a wrong webhook token.",
    )

    @api.model
    def _record_knocks(self, counts):
        """Note refused webhooks in the entry of this hour, made if need be.

        :param counts: ``{address: how many}``; the token itself is not kept
        """
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        entry = self.search(
            [
                ("code", "=", CODE),
                ("state", "=", "open"),
                ("first_seen", ">", fields.Datetime.now() - TOGETHER),
            ],
            limit=1,
        )
        values = self._knock_values(_counted(entry.trace) + Counter(counts))
        if entry:
            entry.write({"last_seen": fields.Datetime.now(), **values})
        else:
            self.create({**self._knock_entry(), **values})

    @api.model
    def _forget_knocks(self):
        """Nobody has to close an entry about what has long been over."""
        over = fields.Datetime.now() - SOLVED_AFTER
        self.search(
            [("code", "=", CODE), ("state", "=", "open"), ("last_seen", "<", over)]
        ).state = "solved"

    def _knock_entry(self):
        configs = self.env["ac.odoo.config"]._confirmed()
        return {
            "config_id": configs.id if len(configs) == 1 else False,
            "direction": "pull",
            "operation": self.env._("Webhook"),
            "code": CODE,
            "status": 403,
            "hint": self.env._(remedy_for(code=CODE).advice),
        }

    def _knock_values(self, counts):
        address = counts.most_common(1)[0][0]
        others = len(counts) - 1
        message = self.env._(
            "Webhooks with a wrong token, or from elsewhere, were refused: %s", address
        )
        if others:
            message = self.env._(
                "%(refused)s and %(n)s more", refused=message, n=others
            )
        return {
            "message": message,
            "count": sum(counts.values()),
            "trace": "".join(
                f"{address}: {count}\n"
                for address, count in counts.most_common(MOST_LINES)
            ),
        }


def _counted(trace):
    """Return ``{address: how many}`` of an entry's lines."""
    pairs = (line.rpartition(": ") for line in (trace or "").splitlines())
    return Counter(
        {address: int(count) for address, _colon, count in pairs if count.isdecimal()}
    )

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import marks
from ..mapping.registry import OBJECTS


class AcMailingLink(models.Model):
    """A mailing list of Odoo whose opt-ins and opt-outs count for a list of AC.

    Odoo's app for mailing lists (`mass_mailing`) may be absent: it is no dependency,
    so its tables are read by SQL and only where they are.
    """

    _name = "ac.mailing.link"
    _description = "Mailing List in ActiveCampaign"
    _order = "config_id, id"
    _rec_name = "mailing_list"

    config_id = fields.Many2one(
        "ac.odoo.config", string="Account", required=True, ondelete="cascade"
    )
    mailing_list = fields.Selection("_selection_mailing_list", required=True)
    list_id = fields.Many2one(
        "ac.metadata",
        string="List in ActiveCampaign",
        domain="[('kind', '=', 'list'), ('config_id', '=', config_id)]",
        required=True,
        ondelete="cascade",
    )
    cursor = fields.Datetime(
        "Taken Over Until", readonly=True, copy=False, help="Changes up to here."
    )

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_mailing_link_unique "
            "ON ac_mailing_link (mailing_list, list_id)"
        )

    @api.model
    def _selection_mailing_list(self):
        """Odoo's mailing lists as ``[(id as text, name)]``."""
        if "mailing.list" not in self.env:
            return []
        lists = self.env["mailing.list"].sudo().search([("active", "=", True)])
        return [(str(list_.id), list_.name) for list_ in lists]

    def _take_over(self):
        """Record what subscribers have said since the cursors; mark whom it concerns."""
        if "mailing.subscription" not in self.env:
            return
        self.env.flush_all()
        for link in self:
            now, before = self.env.cr.now(), link._last_consent()
            link._copy_consents()
            link._mark_since(before)
            link.cursor = now

    def _last_consent(self):
        self.env.cr.execute("SELECT COALESCE(MAX(id), 0) FROM ac_consent")
        return self.env.cr.fetchone()[0]

    def _copy_consents(self):
        """Copy what is not in the log yet; a partner that came later is looked at too.

        An hour back, because a transaction that began before the cursor may have
        been committed after it.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ac_consent (partner_id, email, list_id, list_name, state,
                    date, source, text, user_id,
                    create_uid, create_date, write_uid, write_date)
                SELECT p.id, p.email_normalized, m.id, m.name, s.state,
                    s.date, 'mailing_list', s.name, NULL,
                    %(uid)s, %(now)s, %(uid)s, %(now)s
                FROM (%(subscriptions)s) s
                JOIN res_partner p ON p.email_normalized = s.email
                JOIN ac_metadata m ON m.id = %(list)s
                WHERE (%(cursor)s::timestamp IS NULL OR GREATEST(s.changed,
                        p.write_date) >= %(cursor)s::timestamp - INTERVAL '1 hour')
                    AND NOT EXISTS (
                        SELECT 1 FROM ac_consent known
                        WHERE known.partner_id = p.id AND known.list_id = m.id
                            AND known.source = 'mailing_list'
                            AND known.email = s.email
                            AND known.date = s.date AND known.state = s.state)
                    AND NOT EXISTS (  -- said over there, not here
                        SELECT 1 FROM ac_suppression told
                        WHERE told.kind = 'mailing' AND told.record = s.id
                            AND s.date IN (date_trunc('second', told.set_at),
                                date_trunc('second', told.lifted_at)))
                """,
                uid=self.env.uid,
                now=marks.NOW,
                subscriptions=self._subscriptions(),
                list=self.list_id.id,
                cursor=self.cursor or None,
            )
        )
        self.env["ac.consent"].invalidate_model(flush=False)

    def _subscriptions(self):
        """Return the query of what each address has said last about the mailing list.

        Two contacts may have one address: a no of one counts, whatever the other says.
        """
        return SQL(
            """
            SELECT DISTINCT ON (c.email_normalized) c.email_normalized AS email,
                s.id, l.name,
                CASE WHEN s.opt_out THEN 'withdrawn' ELSE 'granted' END AS state,
                date_trunc('second', s.write_date) AS date,
                GREATEST(s.write_date, c.write_date) AS changed
            FROM mailing_subscription s
            JOIN mailing_contact c ON c.id = s.contact_id
            JOIN mailing_list l ON l.id = s.list_id
            WHERE s.list_id = %s AND c.email_normalized IS NOT NULL
            ORDER BY c.email_normalized, s.opt_out DESC NULLS LAST, s.write_date DESC
            """,
            int(self.mailing_list),
        )

    def _mark_since(self, last_consent):
        partners = self.env["res.partner"].with_context(active_test=False)
        query = partners._search([])
        query.add_where(
            SQL(
                "res_partner.id IN (SELECT partner_id FROM ac_consent WHERE id > %s)",
                last_consent,
            )
        )
        if marks.mark_query(self.config_id, OBJECTS["contact"], query):
            self.config_id._enqueue("run")

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Partners with contacts, and events about them."""

from odoo.tools import SQL

from ..engine import inbox
from .common import ConnectorCase

CAMPAIGN = {"id": "3", "name": "Spring", "message": {"subject": "Spring offers"}}


class InboxCase(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.ada, self.bob = self.make_partners(
            {"name": "Ada Lovelace", "email": "ada@example.com", "phone": "1"},
            {"name": "Bob Babbage", "email": "bob@example.com", "phone": "1"},
        )
        self.run_jobs()
        self.simulator.forget_log()

    def tell(self, type_, partner=None, second=0, source="webhook", known=None, **more):
        """Store an event that happened at a second; return it, empty if known."""
        contact = {"id": self.binding(partner).remote_id} if partner else {}
        payload = {
            "type": type_,
            "date_time": f"2026-07-17T22:{second // 60:02}:{second % 60:02}-05:00",
            "contact": contact,
            **more,
        }
        self.cr.execute("SELECT COALESCE(max(id), 0) FROM ac_event")
        last = self.cr.fetchone()[0]
        inbox.store(self.env, self.config, payload, source, known)
        self.commit()
        return self.env["ac.event"].search([("id", ">", last)])

    def opened(self, partner, second=0, **more):
        return self.tell("open", partner, second, campaign=CAMPAIGN, **more)

    def edit(self, partner, **values):
        """Change a contact over there, as a person does."""
        with self.client() as client:
            client.contacts.update(self.binding(partner).remote_id, values)

    def forbid(self, table, condition):
        """Have the database refuse rows; return a function that allows them again."""
        self.cr.execute(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT test_forbidden CHECK (%s)",
                SQL.identifier(table),
                SQL(condition),
            )
        )
        self.commit()
        self.addCleanup(self.allow, table)
        return lambda: self.allow(table)

    def allow(self, table):
        self.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS test_forbidden",
                SQL.identifier(table),
            )
        )
        self.commit()

    def let_time_pass(self):
        """Let the next tries of failed events be due, and leases be over."""
        self.commit()
        self.cr.execute(
            "UPDATE ac_event SET next_try_at = next_try_at - INTERVAL '1 day', "
            "claimed_until = claimed_until - INTERVAL '1 day'"
        )
        self.commit()
        self.env.invalidate_all()

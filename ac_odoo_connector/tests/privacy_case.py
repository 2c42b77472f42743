# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A person who is known on both sides, and a manager who is asked about them."""

from odoo.tools import SQL, mute_logger

from .inbox_case import InboxCase
from .people_case import PeopleCase

EMAIL = "ada@example.com"


class PrivacyCase(InboxCase, PeopleCase):
    """Ada with an event, a note, a consent and a conflict; Bob must be left alone."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.forget_erased)
        self.boss = self.user("manager")
        for partner in (self.ada, self.bob):
            self.opened(partner)
            self.env["ac.consent"]._record(partner, "granted", "paper", text="Yes")
        self.run_jobs()
        self.contact_id = self.binding(self.ada).remote_id
        self.simulator.forget_log()

    def forget_erased(self):
        self.cr.rollback()
        self.cr.execute("DELETE FROM ac_erased")
        self.commit()

    def wizard(self, partner=None, user=None, **values):
        partners = self.ada if partner is None else partner
        values = {"partner_ids": [(6, 0, partners.ids)], **values}
        wizard = self.env["ac.privacy"].with_user(user or self.boss).create(values)
        self.commit()
        return wizard

    def erased(self, partner=None, **values):
        wizard = self.wizard(partner, **values)
        wizard.action_preview()
        with mute_logger("odoo.models.unlink"):
            wizard.action_erase()
        self.commit()
        self.run_jobs()
        return wizard

    def dump(self, *besides):
        """Return every text of the addon's tables and of jobs, in order."""
        self.env.flush_all()
        self.cr.execute(
            """
            SELECT relname FROM pg_class WHERE relkind = 'r'
                AND relnamespace = 'public'::regnamespace
                AND (relname LIKE 'ac\\_%' OR relname = 'queue_job')
            """
        )
        texts = []
        for (table,) in self.cr.fetchall():
            if table not in besides:
                self.cr.execute(SQL("SELECT t::text FROM %s t", SQL.identifier(table)))
                texts += [f"{table}: {text}" for (text,) in self.cr.fetchall()]
        return sorted(texts)

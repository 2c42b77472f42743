# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A database that may be a copy of the one where the account was connected."""

from pathlib import Path

from odoo.modules.module import get_module_path
from odoo.tools import SQL

from ..engine import guard, inbox, wake
from ..engine.bucket import Bucket
from .common import ConnectorCase

ELSEWHERE = "https://staging.example.com"
NEUTRALIZE = Path(get_module_path("ac_odoo_connector"), "data", "neutralize.sql")


class PlaceCase(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.patch(guard, "_right", Bucket())
        self.patch(guard, "_wrong", Bucket())
        self.parameters = self.env["ir.config_parameter"].sudo()
        self.before = {
            name: self.parameters.get_param(name)
            for name in ("database.uuid", "web.base.url")
        }
        self.addCleanup(self.back_again)

    def back_again(self):
        self.cr.rollback()
        # what was read before the rollback is remembered for other transactions, too
        self.registry.clear_all_caches()
        for name, value in self.before.items():
            self.parameters.set_param(name, value)
        self.commit()

    def loaded(self):
        """One contact over there, the webhook too, and an event that waits."""
        self.ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.config.action_connect_webhook()
        self.commit()
        self.ada.phone = "+1 555 0101"  # marked, and its job waits
        contact = {"id": self.binding(self.ada).remote_id}
        inbox.store(self.env, self.config, {"type": "update", "contact": contact})
        self.commit()
        self.simulator.forget_log()

    def other_database(self):
        self.parameters.set_param("database.uuid", "of-the-copy")

    def other_address(self):
        self.parameters.set_param("web.base.url", ELSEWHERE)

    def neutralize(self):
        self.env.flush_all()
        self.cr.execute(NEUTRALIZE.read_text())
        self.env.invalidate_all()

    def do_everything(self):
        """Let the crons, the jobs that were copied, people and ActiveCampaign act."""
        self.commit()
        wake._covered_until.clear()
        self.run_jobs()
        for cron in self.crons():
            cron.ir_actions_server_id.run()
            self.run_jobs()
        self.ada.phone = "+1 555 0102"
        self.run_jobs()

    def crons(self):
        """Return the addon's scheduled actions, all of them."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "ac_odoo_connector"), ("model", "=", "ir.cron")]
        )
        return self.env["ir.cron"].browse(data.mapped("res_id"))

    def everything(self):
        """Return a digest of each of the addon's tables, and of the waiting jobs."""
        self.env.flush_all()
        self.cr.execute(
            """
            SELECT relname FROM pg_class WHERE relkind = 'r'
                AND relnamespace = 'public'::regnamespace
                AND (relname LIKE 'ac@_%' ESCAPE '@' OR relname = 'queue_job')
            """
        )
        held = {}
        for (table,) in self.cr.fetchall():
            self.cr.execute(
                SQL(
                    "SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM %s t",
                    SQL.identifier(table),
                )
            )
            held[table] = self.cr.fetchone()[0]
        return held

    def states_of_events(self):
        self.env.invalidate_all()
        return self.env["ac.event"].search([]).mapped("state")

    def assertSilent(self, doubt):
        self.config.invalidate_recordset()
        self.assertEqual(self.config.place_doubt, doubt)
        self.assertEqual(self.simulator.calls(), [])
        self.assertEqual(self.binding(self.ada).state, "pending")
        self.assertEqual(self.states_of_events(), ["new"])

    def assertFlows(self):
        self.run_jobs()
        self.assertEqual(
            self.simulator.contacts()["ada@example.com"]["phone"][-4:], "0102"
        )
        self.assertNotIn("new", self.states_of_events())

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an audit and a reconciliation have in common."""

from threading import Thread

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestComparisons(ConnectorCase):
    def test_of_two_at_once_one_begins(self):
        for model in ("ac.audit.run", "ac.reconciliation"):
            with self.subTest(model):
                told = []
                with self.registry.cursor() as cr:
                    self.begin(cr, model)
                    thread = Thread(target=self.begin_elsewhere, args=(model, told))
                    thread.start()
                    thread.join(1)
                    cr.commit()  # pylint: disable=invalid-commit
                thread.join(30)
                self.assertIn("just begun", told[0])
                self.commit()  # to see what the others did
                self.assertEqual(self.env[model].search_count([]), 1)

    def begin(self, cr, model):
        env = api.Environment(cr, self.env.uid, {})
        env[model]._start(self.config.with_env(env))

    def begin_elsewhere(self, model, told):
        with self.registry.cursor() as cr:
            try:
                self.begin(cr, model)
            except UserError as error:
                told.append(str(error))

    def test_an_account_that_is_compared_already_keeps_no_other_from_it(self):
        """The cron sees what was there when it began."""
        other = self.make_config(name="Other")
        self.commit()
        for model, cron in (
            ("ac.audit.run", "_cron_audit"),
            ("ac.reconciliation", "_cron_reconcile"),
        ):
            with self.subTest(model), self.registry.cursor() as cr:
                env = api.Environment(cr, self.env.uid, {})
                env[model].search_count([])  # its snapshot is taken
                self.env[model]._start(self.config)
                self.commit()
                getattr(env["ac.odoo.config"], cron)()
                cr.commit()  # pylint: disable=invalid-commit
                self.commit()
                running = self.env[model].search([("state", "=", "running")])
                self.assertEqual(running.config_id, self.config | other)

    def test_an_update_leaves_one_of_two(self):
        """Earlier versions let two begin."""
        run = self.env["ac.audit.run"]
        self.cr.execute("DROP INDEX ac_audit_run_running")
        old, new = run.create([{"config_id": self.config.id}] * 2)
        run.flush_model()
        run.init()
        run.invalidate_model()
        self.assertEqual((old.state, new.state), ("failed", "running"))

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

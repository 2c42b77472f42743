# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The encryption key in its file: rotated there, lost, restored, given up."""

import os
import stat
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine import key_file, subject, subject_erasure, vault
from .common import KEY
from .ring_case import KeyFileCase


@tagged("post_install", "-at_install")
class TestKeyFile(KeyFileCase):
    def test_the_file_gets_a_new_key_and_the_old_one_goes_by_choice(self):
        (old,) = self.keys()
        secrets = self.readable(old)
        self.config.action_rotate_encryption_key()
        new, kept = self.keys()
        self.assertEqual(kept, old)
        self.assertEqual(self.readable(new), secrets)
        self.assertEqual(stat.S_IMODE(os.stat(self.key_file()).st_mode), 0o600)
        self.config.action_forget_old_keys()
        self.assertEqual(self.keys(), [new])
        self.assertEqual(
            os.listdir(os.path.dirname(self.key_file())),
            [os.path.basename(self.key_file())],
        )
        self.env.invalidate_all()
        self.config.test_connection()

    def test_a_file_that_others_can_read_is_told_of(self):
        os.chmod(self.key_file(), 0o640)
        with self.assertLogs(key_file.__name__, "WARNING") as log:
            self.config.test_connection()
        self.assertEqual(len(log.output), 1)
        self.assertIn("mode 640", log.output[0])
        self.assertNotIn(self.keys()[0], log.output[0])

    def test_rotated_twice(self):
        secrets = self.readable(*self.keys())
        for _time in range(2):
            self.config.action_rotate_encryption_key()
            self.commit()
        self.assertEqual(len(self.keys()), 3)
        self.assertEqual(self.readable(self.keys()[0]), secrets)

    def test_an_old_key_that_is_needed_stays(self):
        (old,) = self.keys()
        Path(self.key_file()).write_text(f"{self.new},{old}")
        with self.assertRaisesRegex(UserError, "needs an old key"):
            self.config.action_forget_old_keys()
        self.assertEqual(self.keys(), [self.new, old])

    def test_a_lost_file_is_told_and_no_other_takes_its_place(self):
        path, content = Path(self.key_file()), Path(self.key_file()).read_text()
        before = self.stored()
        path.unlink()
        self.env.invalidate_all()
        self.assertIn("is missing", self.config.vault_problem)
        for attempt in (
            lambda: self.config.write({"ac_api_key": "typed"}),
            self.config.action_new_webhook_token,
            self.config.action_rotate_encryption_key,
            self.config.test_connection,
        ):
            with self.assertRaisesRegex(UserError, "is missing"):
                attempt()
            self.cr.rollback()
        ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.assertIn("is missing", self.config.problem)
        self.assertEqual(self.simulator.calls(), [])
        self.assertEqual(self.stored(), before)
        self.assertFalse(path.exists())
        path.write_text(content)  # restored from the backup
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertEqual(self.binding(ada).state, "synced")
        self.assertFalse(self.config.problem)

    def test_an_erasure_makes_no_file_in_the_place_of_a_lost_one(self):
        ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        Path(self.key_file()).unlink()
        with self.assertRaisesRegex(vault.VaultError, "is missing"):
            subject_erasure.forbid(subject.find(ada))
        self.assertFalse(Path(self.key_file()).exists())
        self.assertFalse(self.env["ac.erased"].search([]))

    def test_a_key_that_is_lost_for_good_is_given_up(self):
        Path(self.key_file()).unlink()
        self.env.invalidate_all()
        answer = self.config.action_give_up_secrets()
        self.assertIn(self.config.name, answer["params"]["message"])
        self.assertEqual(self.stored(), [])
        self.config.action_new_webhook_token()
        self.config.ac_api_key = KEY
        self.commit()
        self.config.test_connection()
        self.assertFalse(self.config.vault_problem)
        self.assertEqual(len(self.keys()), 1)

    def test_a_file_that_cannot_be_used_changes_nothing(self):
        before, keys = self.stored(), self.keys()
        path = Path(self.key_file())
        moved = path.rename(path.with_suffix(".away"))
        path.mkdir()  # no file, even for root
        with self.assertRaisesRegex(UserError, "cannot be used"):
            self.config.action_rotate_encryption_key()
        path.rmdir()
        moved.rename(path)
        self.assertEqual((self.stored(), self.keys()), (before, keys))

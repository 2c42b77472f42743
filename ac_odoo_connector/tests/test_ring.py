# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The encryption key: rotated while everything goes on, never lost unnoticed."""

import os

import psycopg2
from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..activecampaign import Paused
from ..engine import breaker, erased, ring, vault
from ..engine.webhook_setup import webhook_url
from .common import KEY
from .mapping_common import MappingCase
from .ring_case import RingCase, new_key

ADA = "ada@example.com"


@tagged("post_install", "-at_install")
class TestRing(RingCase):
    def setUp(self):
        super().setUp()
        self.config.action_new_webhook_token()
        self.other = self.make_config(name="Other")
        self.other.active = False
        self.commit()

    def test_row_27_rotated_secrets_need_the_new_key_alone(self):
        """User requirement 27: and the connection test still passes."""
        before = sorted(self.readable(self.old))
        self.assertEqual(len(before), 5)  # a key and a token each, and an old token
        self.use(self.new, self.old)
        answer = self.config.action_rotate_encryption_key()
        self.assertIn("5 secrets", answer["params"]["message"])
        self.assertEqual(sorted(self.readable(self.new)), before)
        self.use(self.new)
        self.config.test_connection()
        self.assertIn("rotated", str(self.config.message_ids[:1].body))
        told = self.env["ac.trail"].search([("action", "=", "rotated")])
        everybody = self.env["ac.odoo.config"].with_context(active_test=False)
        self.assertEqual(told.config_id, everybody.search([]))

    def test_hosts_with_the_whole_ring_go_on_before_and_after(self):
        self.use(self.new, self.old)
        self.config.test_connection()
        self.config.action_rotate_encryption_key()
        self.commit()
        self.use(self.old, self.new)  # whichever is first
        self.config.test_connection()
        self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.assertIn("ada@example.com", self.simulator.contacts())

    def test_one_key_is_not_enough(self):
        before = self.stored()
        with self.assertRaisesRegex(UserError, "new,old"):
            self.config.action_rotate_encryption_key()
        self.assertEqual(self.stored(), before)

    def test_a_secret_that_cannot_be_read_stops_the_rotation(self):
        self.other.ac_api_key_encrypted = Fernet(new_key()).encrypt(b"x").decode()
        before = self.stored()
        self.use(self.new, self.old)
        with self.assertRaisesRegex(UserError, "Other: .*another key"):
            self.config.action_rotate_encryption_key()
        self.assertEqual(self.stored(), before)

    def test_all_or_none(self):
        """It breaks off at the second account: the first is as it was."""
        before = self.stored()
        self.use(self.new, self.old)
        held = self.other.ac_api_key_encrypted
        self.cr.execute(
            SQL(
                "ALTER TABLE ac_odoo_config ADD CONSTRAINT test_forbidden "
                "CHECK (id <> %s OR ac_api_key_encrypted = %s)",
                self.other.id,
                held,
            )
        )
        self.commit()
        self.addCleanup(self.allow)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self.config.action_rotate_encryption_key()
        self.cr.rollback()
        self.assertEqual(self.stored(), before)
        self.allow()
        self.config.action_rotate_encryption_key()
        self.assertEqual(len(self.readable(self.new)), 5)

    def allow(self):
        self.cr.rollback()
        self.cr.execute(
            "ALTER TABLE ac_odoo_config DROP CONSTRAINT IF EXISTS test_forbidden"
        )
        self.commit()

    def test_a_refused_key_stays_refused(self):
        self.config.ac_api_key = "wrong"
        self.commit()
        with self.assertRaises(UserError):
            self.config.action_connect_webhook()
        with self.assertRaises(UserError):  # asked who we are: the key it is
            self.config.action_connect_webhook()
        self.use(self.new, self.old)
        self.config.action_rotate_encryption_key()
        self.commit()
        self.simulator.forget_log()
        with self.assertRaises(Paused):
            breaker.enter(self.env, self.config.id)
        self.assertEqual(self.simulator.calls(), [])

    def test_the_token_of_the_webhook_stays_the_same(self):
        before = webhook_url(self.config)
        self.use(self.new, self.old)
        self.config.action_rotate_encryption_key()
        self.use(self.new)
        self.assertEqual(webhook_url(self.config), before)

    def test_keys_of_elsewhere_are_not_ours_to_take_out(self):
        self.use(self.new, self.old)
        self.config.action_rotate_encryption_key()
        with self.assertRaisesRegex(UserError, vault.ENVIRONMENT_VARIABLE):
            self.config.action_forget_old_keys()

    def test_without_an_account_as_in_a_shell(self):
        self.use(self.new, self.old)
        words = self.env["ac.odoo.config"]._rotate_encryption_key()
        self.assertIn("5 secrets", words)
        self.assertEqual(len(self.readable(self.new)), 5)

    def test_every_encrypted_field_is_rotated(self):
        """Or it would be unreadable when the old key goes."""
        found = {
            (name, field)
            for name in self.registry
            if name.startswith("ac.")
            for field in self.env[name]._fields
            if field.endswith("_encrypted")
        }
        rotated = {("ac.odoo.config", name) for name in ring.SECRETS}
        dropped = {("ac.api.key.change", "new_key_encrypted")}
        self.assertEqual(found, rotated | dropped)

    def test_only_managers_rotate_and_only_administrators_give_up(self):
        for role, buttons in {
            "operator": ("rotate_encryption_key", "forget_old_keys", "give_up_secrets"),
            "manager": ("give_up_secrets",),
        }.items():
            user = new_test_user(
                self.env,
                f"ring_{role}{os.getpid()}",
                f"base.group_user,ac_odoo_connector.group_{role}",
            )
            for button in buttons:
                with self.subTest(role=role, button=button):
                    with self.assertRaises(AccessError):
                        getattr(self.config.with_user(user), f"action_{button}")()

    # A wrong key --------------------------------------------------------------------

    def test_a_wrong_key_is_told_and_overwrites_nothing(self):
        before = self.stored()
        self.simulator.forget_log()
        self.use(new_key())
        self.assertIn("another key", self.config.vault_problem)
        for attempt in (
            lambda: self.config.write({"ac_api_key": "typed"}),
            lambda: self.config.write({"ac_webhook_token": "typed-0123456789"}),
            self.config.action_new_webhook_token,
            self.config.action_rotate_encryption_key,
            self.config.test_connection,
            lambda: self.config.copy({"name": "Third"}),
        ):
            with self.assertRaisesRegex(UserError, "another key"):
                attempt()
            self.cr.rollback()
            self.env.invalidate_all()
        self.assertEqual(self.stored(), before)
        self.assertEqual(self.simulator.calls(), [])

    def test_a_key_that_is_none_gives_nothing_up(self):
        before = self.stored()
        self.use("password")
        self.assertEqual(self.config.vault_count, 0)
        with self.assertRaisesRegex(UserError, "No secret is lost"):
            self.config.action_give_up_secrets()
        self.assertEqual(self.stored(), before)

    def test_secrets_can_be_forgotten_without_their_key(self):
        self.config.farewell_secrets = True
        self.commit()
        self.use(new_key())
        self.config.action_disconnect()
        self.assertFalse(self.config.ac_api_key_encrypted)
        self.assertFalse(self.config.ac_webhook_token_encrypted)
        self.other.ac_api_key_encrypted = False
        self.other.ac_webhook_token_encrypted = False
        self.config.ac_api_key = KEY
        self.config.action_confirm()
        self.assertIn("token=", webhook_url(self.config))


@tagged("post_install", "-at_install")
class TestErasedPeople(RingCase):
    """Their digests have a key of their own, which is one of the secrets."""

    def setUp(self):
        super().setUp()
        erased.remember(self.env, [ADA], [self.config.company_id.id or None])
        self.commit()

    def recognised(self):
        self.env.invalidate_all()
        return erased.among(self.config, [ADA, "bob@example.com"])

    def test_recognised_with_the_new_key_alone(self):
        self.use(self.new, self.old)
        answer = self.config.action_rotate_encryption_key()
        self.assertIn("3 secrets", answer["params"]["message"])
        self.use(self.new)
        self.assertEqual(self.recognised(), {ADA})
        ada = self.make_partners({"name": "Ada", "email": ADA})
        self.run_jobs()
        self.assertEqual(self.binding(ada).skip_reason, "erased")
        self.assertNotIn(ADA, self.simulator.contacts())

    def test_a_key_that_cannot_be_read_stops_the_rotation(self):
        erased.forget_pepper(self.env)
        self.use(self.new)
        erased._make(self.env)
        self.commit()
        self.use(new_key(), self.old)
        before = self.stored()
        self.assertIn("another key", self.config.vault_problem)
        with self.assertRaisesRegex(UserError, "Erased People: .*another key"):
            self.config.action_rotate_encryption_key()
        self.assertEqual(self.stored(), before)

    def test_given_up_nothing_is_sent_before_a_person_has_decided(self):
        self.use(self.new)  # the old one is lost
        with self.assertRaises(vault.VaultError):
            self.recognised()
        answer = self.config.action_give_up_secrets()
        self.assertIn("Erased People are deleted", answer["params"]["message"])
        self.commit()
        self.config.ac_api_key = KEY
        self.config.action_confirm()
        self.run_jobs()
        bob = self.make_partners({"name": "Bob", "email": "bob@example.com"})
        self.run_jobs()
        self.assertEqual(self.simulator.contacts(), {})
        self.assertIn("Erased People", self.config.problem)
        self.env["ac.erased"].search([]).unlink()
        self.commit()
        self.retry_failed()
        self.assertEqual(self.binding(bob).state, "synced")


@tagged("post_install", "-at_install")
class TestSealedValues(RingCase, MappingCase):
    def test_encrypted_values_over_there_follow(self):
        field = self.field("Target")
        self.refresh()
        self.map("TARGET", "encrypt", field_path="vat")
        self.ada(vat="IT123")
        self.run_jobs()
        before = self.held("ada@example.com")[field]
        self.use(self.new, self.old)
        self.config.action_rotate_encryption_key()
        self.run_jobs()
        after = self.held("ada@example.com")[field]
        self.assertNotEqual(after, before)
        plain = Fernet(self.new).decrypt(after.encode())
        self.assertEqual(plain, b"IT123")

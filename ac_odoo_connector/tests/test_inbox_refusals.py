# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whoever is refused learns nothing: neither whether there is an account, nor whose."""

from odoo.tests import tagged

from ..engine import guard
from ..engine.bucket import Bucket
from ..engine.webhook_setup import webhook_url
from .common import ConnectorCase

HERE = "203.0.113.9"


@tagged("post_install", "-at_install")
class TestInboxRefusals(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.patch(guard, "_right", Bucket())
        self.patch(guard, "_wrong", Bucket())

    def token(self, config=None):
        return webhook_url(config or self.config).partition("token=")[2]

    def found(self, token, address=HERE):
        self.env.flush_all()
        return guard.account_of(self.env.cr, token, address)

    def answer(self, token, address=HERE):
        """Return all that a refused request learns."""
        with self.assertRaises(guard.Unknown) as caught:
            self.found(token, address)
        refusal = caught.exception
        return refusal.status, str(refusal), refusal.retry_after

    def test_whoever_is_refused_learns_nothing(self):
        right, archived = self.token(), self.make_config(name="Other")
        archived.active = False
        wrong = self.answer("wrong")
        self.assertEqual(self.answer(self.token(archived)), wrong)
        self.config.allowed_networks = "198.51.100.0/24"
        self.assertEqual(self.answer(right), wrong)
        self.config.allowed_networks = False
        for change in ({"state": "draft"}, {"active": False}):
            before = {name: self.config[name] for name in change}
            self.config.write(change)
            self.assertEqual(self.answer(right), wrong)
            self.config.write(before)
        self.assertEqual(self.found(right), self.config.id)

    def test_the_right_token_from_elsewhere_is_slowed_down_like_a_wrong_one(self):
        self.config.allowed_networks = "198.51.100.0/24"
        tokens = [self.token(), "wrong"] * guard.WRONG_PER_MINUTE
        statuses = [self.answer(token)[0] for token in tokens]
        self.assertEqual(statuses, sorted(statuses))
        self.assertEqual(statuses.count(403), guard.WRONG_PER_MINUTE)
        self.assertEqual(self.found(self.token(), "198.51.100.7"), self.config.id)

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How long a webhook's token takes to be refused tells nothing of it."""

import hmac
from unittest.mock import patch

from odoo.tests import tagged

from ..engine import guard
from ..engine.bucket import Bucket
from ..engine.webhook_setup import webhook_url
from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestGuardCompares(ConnectorCase):
    """Two accounts, one of which takes an old token for a while: three tokens."""

    def setUp(self):
        super().setUp()
        self.patch(guard, "_right", Bucket())
        self.patch(guard, "_wrong", Bucket())
        self.old = self.token(self.config)
        self.config.action_new_webhook_token()
        self.other = self.make_config(name="Other")

    def token(self, config):
        self.env.invalidate_all()
        return webhook_url(config).partition("token=")[2]

    def asked(self, token):
        """Return whose token it is, and what was compared in constant time."""
        self.commit()
        compare = patch.object(hmac, "compare_digest", wraps=hmac.compare_digest)
        with compare as compared:
            try:
                found = guard.account_of(self.cr, token, "203.0.113.9")
            except guard.Refusal:
                found = None
        return found, [call.args for call in compared.call_args_list]

    def test_every_token_is_compared_whatever_was_sent(self):
        ours, theirs = self.token(self.config), self.token(self.other)
        for sent, owner in (
            (ours, self.config.id),
            (self.old, self.config.id),
            (theirs, self.other.id),
            (ours[:-1], None),
            ("", None),
        ):
            found, compared = self.asked(sent)
            with self.subTest(owner=owner):
                self.assertEqual(found, owner)
                self.assertEqual(len({known for known, _sent in compared}), 3)
                self.assertEqual(len(compared), 3)

    def test_what_is_compared_is_of_one_length(self):
        """The comparison is over at once where lengths differ."""
        for sent in (self.token(self.config), "x", "x" * 500):
            _found, compared = self.asked(sent)
            self.assertEqual({len(text) for pair in compared for text in pair}, {64})

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What to do about each kind of error: one table, every row of which is reached."""

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .. import activecampaign as ac
from ..engine.gateway import NotConfirmed
from ..engine.remedies import REMEDIES, remedy_for
from ..engine.vault import VaultError
from ..mapping.value import MappingError, NoOption

ADVICE = [
    (ac.AuthenticationError("", status=402), "plan and payment"),
    (ac.AuthenticationError("", status=403), "key of an administrator"),
    (ac.WrongHost(), "Copy the API URL"),
    (NotConfirmed(), "production database"),
    (ac.FatalError(), "correct its settings"),
    (VaultError("No key"), "encryption key"),
    (ac.RateLimited(status=429), "same account"),
    (ac.Unreachable(), "the firewall"),
    (ac.UncertainOutcome(status=500), "looks whether it is there"),
    (ac.ServerError(status=500), "status.activecampaign.com"),
    (ac.RetriableError(), "tried again by itself"),
    (ac.Duplicate(status=422, code="duplicate"), "Merge the two"),
    (ac.NotFound(status=404), "Refresh Metadata"),
    (ac.Rejected(status=422, code="related_missing"), "correct the mapping"),
    (ac.Rejected(status=422, code="field_missing"), "Fill in the value"),
    (ac.Rejected(status=413), "Shorten"),
    (ac.Rejected("Email address invalid", status=422), "Correct the e-mail"),
    (ac.Rejected("Odd", status=400), "Correct the value"),
    (ac.SkippableError("Odd"), "Look at its explanation"),
    (NoOption("“X” is no option", ("X",)), "Add the option"),
    (MappingError("“X” is no number"), "Correct the record"),
    (psycopg2.IntegrityError(), "Correct what it names"),
    (UserError("Locked"), "Do in Odoo"),
    (ZeroDivisionError(), "fault of the software"),
]
CODES = {
    "wrong_token": "Repair Webhook",
    "stage_mapping_7": "another stage",
    "repeated_page": "begin again",
    None: "alone",
}


@tagged("post_install", "-at_install")
class TestRemedies(TransactionCase):
    def test_every_condition_has_its_advice(self):
        for error, words in ADVICE:
            with self.subTest(error=repr(error)):
                self.assertIn(words, str(remedy_for(error).advice))
        for code, words in CODES.items():
            with self.subTest(code=code):
                self.assertIn(words, str(remedy_for(code=code).advice))

    def test_every_row_is_reached(self):
        reached = [remedy_for(error) for error, _words in ADVICE]
        reached += [remedy_for(code=code) for code in CODES]
        unreached = [r for r in REMEDIES if not any(r is seen for seen in reached)]
        self.assertEqual(unreached, [])

    def test_every_error_of_the_client_is_explained(self):
        for name in ac.__all__:
            kind = getattr(ac, name)
            if isinstance(kind, type) and issubclass(kind, ac.ActiveCampaignError):
                row = remedy_for(kind())
                self.assertIsNot(row.error, Exception, name)

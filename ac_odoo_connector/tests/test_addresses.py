# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is handed out at an address: to whom it belongs, and to nobody else.

An address can be guessed, sent on or found in a browser's history.
"""

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .access_case import GROUPS, AccessCase

OWNER = "owner"
OPERATORS = {"operator", "manager", OWNER}


@tagged("post_install", "-at_install")
class TestAddresses(HttpCase, AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = {"company_id": cls.alpha.company.id}
        own["company_ids"] = [(6, 0, cls.alpha.company.ids)]
        groups = f"{GROUPS['internal']},ac_odoo_connector.group_manager"
        cls.owner = new_test_user(cls.env, "owner of alpha", groups, **own)
        cls.people = {
            **cls.alpha.users,
            OWNER: cls.owner,
            "manager elsewhere": cls.beta.users["manager"],
        }
        wizards = cls.env["ac.privacy"].with_user(cls.owner)
        cls.wizard = wizards.create({"partner_ids": [(6, 0, cls.alpha.partner.ids)]})
        cls.audit = cls.alpha.records["ac.audit.run"]
        cls.audit.started_at = "2026-01-01"

    @mute_logger("odoo.http", "werkzeug")
    def answered(self, level, address):
        """Return the answer that somebody gets; nobody is logged in as the public."""
        user = self.people[level]
        login = None if level == "public" else user.login
        self.authenticate(login, login)
        return self.url_open(address, allow_redirects=False)

    def check(self, address, allowed):
        """Some are shown the person or the audit, all others nothing, not even that
        there is one."""
        for level in self.people:
            with self.subTest(address=address, level=level):
                answer = self.answered(level, address)
                if level in allowed:
                    self.assertEqual(answer.status_code, 200)
                    self.assertIn("alphacanary", answer.text)
                else:
                    self.assertNotIn("alphacanary", answer.text)
                    self.assertRefused(level, answer)

    def assertRefused(self, level, answer):
        if level != "public":
            self.assertEqual(answer.status_code, 404)
            return
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_a_person_is_shown_to_whoever_has_asked_for_them(self):
        for kind in ("json", "html"):
            self.check(f"/ac/privacy/{self.wizard.id}.{kind}", {OWNER})

    def test_an_audit_is_for_the_operators_of_its_company(self):
        """Like the button for it: users may not read what differs."""
        self.check(f"/ac/audit/{self.audit.id}.csv", OPERATORS)

    def test_what_is_not_there_is_answered_like_what_is_not_for_you(self):
        for address in (
            "/ac/privacy/{}.json",
            "/ac/privacy/{}.html",
            "/ac/audit/{}.csv",
        ):
            for level in ("portal", "internal", OWNER):
                with self.subTest(address=address, level=level):
                    answer = self.answered(level, address.format(999_999_999))
                    self.assertEqual(answer.status_code, 404)

    def test_nobody_keeps_a_copy_of_a_person_on_the_way(self):
        for kind in ("json", "html"):
            answer = self.answered(OWNER, f"/ac/privacy/{self.wizard.id}.{kind}")
            self.assertEqual(answer.headers["Cache-Control"], "no-store")

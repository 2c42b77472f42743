# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which ActiveCampaign user owns what an Odoo user sells."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .stage_case import StageCase


@tagged("post_install", "-at_install")
class TestOwners(StageCase):
    def setUp(self):
        super().setUp()
        self.known = self._user("admin@example.com", "sales_team.group_sale_salesman")
        self.unknown = self._user("new@example.com", "sales_team.group_sale_salesman")
        self.users = self.known | self.unknown
        self.commit()
        self.people = self.env["ac.metadata"]._entries(self.config, "user")
        self.rows = self.env["ac.owner.mapping"]

    def _user(self, email, groups):
        user = new_test_user(
            self.env, f"owner {email}", groups=groups, name=email, email=email
        )
        return user

    def _clean_sales(self):
        self.env["res.users"].browse(self.users.ids).exists().unlink()
        return super()._clean_sales()

    def row(self, user):
        return self.rows.search([("user_id", "=", user.id)])

    def test_the_same_e_mail_is_the_same_person(self):
        self.assertEqual(self.config._owners(self.users), {self.known.id: "1"})
        self.rows.action_match_by_email()
        self.assertEqual(self.row(self.known).match, "email")
        self.assertEqual(self.row(self.known).owner_email, "admin@example.com")
        self.assertEqual(self.row(self.unknown).match, "none")

    def test_a_choice_wins_and_stays(self):
        grace = self._person("grace@example.com")
        self.rows.action_match_by_email()
        self.row(self.known).owner_id = grace
        self.rows.action_match_by_email()
        self.assertEqual(self.row(self.known).match, "chosen")
        owners = self.config._owners(self.users)
        self.assertEqual(owners, {self.known.id: grace.remote_id})

    def test_nobody_is_a_choice_too(self):
        self.rows.action_match_by_email()
        self.row(self.known).owner_id = False
        self.rows.action_match_by_email()
        self.assertEqual(self.row(self.known).match, "none")
        self.assertEqual(self.config._owners(self.users), {})

    def test_a_new_person_over_there_is_matched_by_itself(self):
        self.rows.action_match_by_email()
        person = self._person("new@example.com")
        self.assertEqual(self.row(self.unknown).owner_id, person)

    def test_the_default_owner_stands_in(self):
        self.config.default_owner_id = self.people[0]
        owners = self.config._owners(self.unknown)
        self.assertEqual(owners, {self.unknown.id: "1", False: "1"})

    def test_who_has_left_owns_nothing(self):
        person = self._person("grace@example.com")
        self.rows.action_match_by_email()
        self.row(self.unknown).owner_id = person
        person.active = False
        self.assertEqual(self.row(self.unknown).match, "gone")
        self.assertNotIn(self.unknown.id, self.config._owners(self.unknown))

    def test_queries_do_not_grow_with_the_users(self):
        self.rows.action_match_by_email()
        counts = []
        for users in (self.known, self.users):
            self.env.invalidate_all()
            with self.counted() as count:
                self.config._owners(users)
            counts.append(count())
        self.assertEqual(*counts)

    def test_an_owner_is_of_the_same_account(self):
        stage = self.env["ac.metadata"]._entries(self.config, "stage")[:1]
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.rows.create(
                {
                    "config_id": self.config.id,
                    "user_id": self.unknown.id,
                    "owner_id": stage.id,
                }
            )

    def test_only_managers_configure(self):
        operator = self._user("op@example.com", "ac_odoo_connector.group_operator")
        self.users |= operator
        with self.assertRaises(AccessError):
            self.rows.with_user(operator).action_match_by_email()

    def _person(self, email):
        """Make somebody over there; return the entry."""
        person = {"username": "grace", "email": email}
        with self.client() as client:
            client.request("POST", "/users", {"user": person})
        self.commit()
        self.perform("metadata")
        return self.env["ac.metadata"]._entries(self.config, "user")[-1:]

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Companies become accounts, and their people are linked with them."""

from odoo.tests import tagged

from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestAccounts(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.acme = self.make_partners(
            {
                "name": "Acme",
                "is_company": True,
                "website": "https://acme.example.com",
                "email": "office@acme.example.com",
            }
        )

    def person(self, **values):
        return self.make_partners(
            {
                "name": "Ada Lovelace",
                "email": "ada@example.com",
                "parent_id": self.acme.id,
                **values,
            }
        )

    def accounts(self):
        return {a["name"]: a for a in self.simulator.state()["accounts"].values()}

    def link(self, email="ada@example.com"):
        """Return ``(account name, job title)`` of a contact over there."""
        contact = next(self.client().contacts.list(email=email))
        links = self.client().account_contacts.list(
            **{"filters[contact]": contact["id"]}
        )
        names = {str(account["id"]): name for name, account in self.accounts().items()}
        return [(names[str(each["account"])], each["jobTitle"]) for each in links]

    def account_binding(self, company):
        self.commit()
        self.env.invalidate_all()
        return self.env["ac.binding"].search(
            [("object", "=", "account"), ("res_id", "=", company.id)]
        )

    def test_company_becomes_an_account_with_its_website(self):
        self.run_jobs()
        account = self.accounts()["Acme"]
        self.assertEqual(account["accountUrl"], "https://acme.example.com")
        self.assertEqual(self.account_binding(self.acme).state, "synced")

    def test_person_is_linked_with_job_title(self):
        self.person(function="Analyst")
        self.run_jobs()
        self.assertEqual(self.link(), [("Acme", "Analyst")])

    def test_changed_job_title_follows(self):
        ada = self.person(function="Analyst")
        self.run_jobs()
        ada.function = "Countess"
        self.run_jobs()
        self.assertEqual(self.link(), [("Acme", "Countess")])

    def test_crowd_of_a_company_is_linked_by_import(self):
        people = self.make_partners(
            *[
                {
                    "name": f"P {n}",
                    "email": f"p{n}@example.com",
                    "parent_id": self.acme.id,
                }
                for n in range(20)
            ]
        )
        self.env["ac.sync.run"]._start(self.config)
        self.run_jobs()
        self.assertEqual(set(people.ac_binding_ids.mapped("state")), {"synced"})
        self.assertEqual(self.link("p7@example.com"), [("Acme", "")])
        posts = [call["path"] for call in self.simulator.writes()]
        self.assertEqual(posts.count("/api/3/accountContacts"), 0)

    def test_titles_of_a_crowd_follow_the_import(self):
        self.make_partners(
            *[
                {
                    "name": f"P {n}",
                    "email": f"p{n}@example.com",
                    "parent_id": self.acme.id,
                    "function": f"Job {n}",
                }
                for n in range(12)
            ]
        )
        self.run_jobs()
        self.assertEqual(self.link("p7@example.com"), [("Acme", "Job 7")])
        paths = [call["path"] for call in self.simulator.writes()]
        self.assertEqual(paths.count("/api/3/contact/sync"), 0)

    def test_existing_pair_counts_as_done(self):
        """User requirement 32."""
        contact = self.client().contacts.create({"email": "ada@example.com"}).id
        account = self.client().accounts.create({"name": "Acme"}).id
        self.client().account_contacts.create({"contact": contact, "account": account})
        ada = self.person(function="Analyst")
        self.run_jobs()
        self.assertEqual(self.binding(ada).state, "synced")
        self.assertEqual(self.link(), [("Acme", "Analyst")])
        self.assertEqual(list(self.accounts()), ["Acme"])

    def other_account(self):
        contact = self.client().contacts.create({"email": "ada@example.com"}).id
        account = self.client().accounts.create({"name": "Other"}).id
        self.client().account_contacts.create({"contact": contact, "account": account})

    def test_contact_of_another_account_is_moved(self):
        """User requirement 32."""
        self.other_account()
        self.person()
        self.run_jobs()
        self.assertEqual(self.link(), [("Acme", "")])

    def test_contact_of_another_account_stays_by_policy(self):
        """User requirement 32."""
        self.config.account_link_policy = "keep"
        self.other_account()
        ada = self.person()
        self.run_jobs()
        self.assertEqual(self.link(), [("Other", "")])
        self.assertEqual(self.binding(ada).state, "synced")

    def test_person_who_changes_company_is_linked_anew(self):
        ada = self.person()
        self.run_jobs()
        ada.parent_id = self.make_partners({"name": "Beta", "is_company": True})
        self.run_jobs()
        self.assertEqual(self.link(), [("Beta", "")])

    def test_person_who_leaves_keeps_no_link(self):
        ada = self.person()
        self.run_jobs()
        ada.parent_id = False
        self.run_jobs()
        self.assertEqual(self.link(), [])

    def test_renamed_company_keeps_its_account(self):
        self.run_jobs()
        before = self.accounts()["Acme"]["id"]
        self.acme.name = "Acme International"
        self.run_jobs()
        accounts = self.accounts()
        self.assertEqual(list(accounts), ["Acme International"])
        self.assertEqual(accounts["Acme International"]["id"], before)

    def test_known_name_is_adopted(self):
        account = self.client().accounts.create({"name": "Acme"}).id
        self.run_jobs()
        self.assertEqual(list(self.accounts()), ["Acme"])
        self.assertEqual(self.account_binding(self.acme).remote_id, account)

    def test_name_of_another_account_is_a_conflict(self):
        self.run_jobs()
        self.client().accounts.create(
            {"name": "Beta", "accountUrl": "https://b.example"}
        )
        self.acme.name = "Beta"
        self.run_jobs()
        binding = self.account_binding(self.acme)
        self.assertEqual((binding.state, binding.skip_reason), ("failed", "conflict"))
        self.assertEqual(set(self.accounts()), {"Acme", "Beta"})
        self.assertEqual(self.accounts()["Beta"]["accountUrl"], "https://b.example")

    def test_two_companies_of_one_name_share_an_account(self):
        twin = self.make_partners({"name": "ACME", "is_company": True})
        self.person(parent_id=twin.id)
        self.run_jobs()
        self.assertEqual(list(self.accounts()), ["Acme"])
        self.assertEqual(self.account_binding(twin).skip_reason, "shared_name")
        self.assertEqual(self.link(), [("Acme", "")])

    def test_merged_company_keeps_its_account(self):
        other = self.make_partners({"name": "Acme Ltd", "is_company": True})
        self.run_jobs()
        before = self.account_binding(self.acme).remote_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.acme | other).ids, other)
        self.run_jobs()
        self.assertTrue(self.account_binding(other).remote_id)
        self.assertIn("Acme Ltd", self.accounts())
        self.assertTrue(before)

    def test_commercial_partner_is_the_account(self):
        branch = self.make_partners({"name": "Branch", "parent_id": self.acme.id})
        self.person(parent_id=branch.id)
        self.run_jobs()
        self.assertEqual(list(self.accounts()), ["Acme"])
        self.assertEqual(self.link(), [("Acme", "")])

    def test_salesperson_owns_the_account_there(self):
        user = self.client().users.me().record
        self.env["ac.metadata"]._store(self.config, "user", [user])
        self.env.user.sudo().email = user["email"]
        self.acme.user_id = self.env.user
        self.run_jobs()
        self.assertEqual(self.accounts()["Acme"]["owner"], user["id"])

    def test_accounts_may_be_switched_off(self):
        self.config.sync_accounts = False
        self.person()
        self.run_jobs()
        self.assertEqual(self.accounts(), {})
        self.assertIn("ada@example.com", self.simulator.contacts())

    def test_switched_off_leaves_the_links_alone(self):
        ada = self.person()
        self.run_jobs()
        self.config.sync_accounts = False
        ada.phone = "+32 2 555 01 02"
        self.run_jobs()
        self.assertEqual(self.link(), [("Acme", "")])

    def test_account_deleted_over_there_is_made_again(self):
        ada = self.person()
        self.run_jobs()
        self.client().accounts.delete(self.account_binding(self.acme).remote_id)
        self.acme.website = "https://new.example.com"
        self.run_jobs()
        self.assertEqual(self.binding(ada).state, "synced")
        self.assertEqual(
            self.accounts()["Acme"]["accountUrl"], "https://new.example.com"
        )
        self.assertEqual(self.link(), [("Acme", "")])

    def test_second_pass_writes_nothing(self):
        self.person(function="Analyst")
        self.run_jobs()
        self.simulator.forget_log()
        self.env["ac.sync.run"]._start(self.config)
        self.run_jobs()
        self.assertEqual(self.simulator.writes(), [])

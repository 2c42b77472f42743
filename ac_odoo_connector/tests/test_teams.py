# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sales teams: who owns their deals, and the tag of their contacts."""

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .stage_case import StageCase

SALES_GROUP = "2"
"""The group of users that every simulated account has beside its administrators."""


class TeamCase(StageCase):
    def setUp(self):
        super().setUp()
        self.made = []
        self.europe, self.asia = self.made_of(
            self.env["crm.team"].create([{"name": "Europe"}, {"name": "Asia"}])
        )
        self.admin = self.seller("admin@example.com")
        self.nobody = self.seller("nobody@example.com")
        self.commit()

    def made_of(self, records):
        """Return records that the test deletes in the end, the last first."""
        self.made.append(records)
        return records

    def seller(self, email, team=None):
        user = new_test_user(
            self.env,
            f"team {email}",
            groups="sales_team.group_sale_salesman",
            name=email,
            email=email,
        )
        if team:
            self.join(user, team)
        return self.made_of(user)

    def join(self, user, team):
        members = self.env["crm.team.member"]
        members.search([("user_id", "=", user.id)]).unlink()
        members.create({"user_id": user.id, "crm_team_id": team.id})

    def _clean_sales(self):
        result = super()._clean_sales()
        partners = self.env["res.partner"].with_context(active_test=False)
        partners.search([("id", ">", self.last_partner_id)]).user_id = False
        for records in reversed(self.made):
            records.exists().unlink()
        return result


@tagged("post_install", "-at_install")
class TestTeamOwners(TeamCase):
    def setUp(self):
        super().setUp()
        self.grace = self.person("grace@example.com", SALES_GROUP)

    def person(self, email, group):
        """Make somebody over there in a group of users; return the entry."""
        person = {"username": email, "email": email, "group": int(group)}
        with self.client() as client:
            id_ = client.request("POST", "/users", {"user": person}).data["user"]["id"]
        self.perform("metadata")
        return self.entry("user", id_)

    def entry(self, kind, remote_id):
        entries = self.env["ac.metadata"]._entries(self.config, kind)
        return entries.filtered(lambda entry: entry.remote_id == str(remote_id))

    def map(self, team, owner, group=None):
        row = self.env["ac.team.mapping"].create(
            {
                "config_id": self.config.id,
                "team_id": team.id,
                "owner_id": owner.id,
                "group_id": group and self.entry("group", group).id,
            }
        )
        self.commit()
        return row

    def owner(self, seller, team=None):
        """Return the owner of the deal of an order, as a push would tell it."""
        order = self.order(user_id=seller and seller.id)
        order.team_id = team or self.europe
        self.commit()
        facts = self.config._facts_of_deals(order, ())
        return facts.team_owners.get(order.id) or facts.owners.get(seller.id)

    def test_the_team_stands_in_for_a_salesperson_who_is_nobody_there(self):
        self.map(self.europe, self.grace)
        self.assertEqual(self.owner(self.nobody), self.grace.remote_id)
        self.assertIsNone(self.owner(self.nobody, self.asia))

    def test_the_salesperson_comes_first(self):
        self.map(self.europe, self.grace)
        self.assertEqual(self.owner(self.admin), "1")

    def test_the_team_comes_before_the_default_owner(self):
        self.config.default_owner_id = self.entry("user", 1)
        self.map(self.europe, self.grace)
        self.assertEqual(self.owner(self.nobody), self.grace.remote_id)
        self.assertEqual(self.owner(self.nobody, self.asia), "1")

    def test_who_was_given_nobody_by_hand_is_the_teams(self):
        rows = self.env["ac.owner.mapping"]
        rows.search([("user_id", "=", self.admin.id)]).owner_id = False
        self.map(self.europe, self.grace)
        self.assertEqual(self.owner(self.admin), self.grace.remote_id)

    def test_an_order_without_salesperson_is_the_teams(self):
        self.map(self.europe, self.grace)
        self.assertEqual(self.owner(self.env["res.users"]), self.grace.remote_id)

    def test_with_a_group_its_users_own_the_deals(self):
        row = self.map(self.europe, self.grace, SALES_GROUP)
        self.assertIn(self.grace.name, row.members)
        self.assertEqual(self.owner(self.admin), self.grace.remote_id)
        other = self.seller("heidi@example.com")
        heidi = self.person("heidi@example.com", SALES_GROUP)
        self.assertEqual(self.owner(other), heidi.remote_id)

    def test_who_leaves_the_group_owns_no_more_deals(self):
        other = self.seller("heidi@example.com")
        heidi = self.person("heidi@example.com", SALES_GROUP)
        self.map(self.europe, self.grace, SALES_GROUP)
        self.assertEqual(self.owner(other), heidi.remote_id)
        with self.client() as client:
            path = f"/users/{heidi.remote_id}"
            client.request("PUT", path, {"user": {"group": 1}})
        self.perform("metadata")
        self.assertEqual(self.owner(other), self.grace.remote_id)

    def test_an_owner_outside_of_the_group_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not in the group"):
            self.map(self.europe, self.entry("user", 1), SALES_GROUP)
        self.cr.rollback()

    def test_where_nobody_knows_the_groups_users_the_salesperson_stays(self):
        self.simulator.reset(seed=1, user_groups_told=False)
        self.perform("metadata")
        admin = self.entry("user", 1)
        row = self.map(self.europe, admin, SALES_GROUP)
        self.assertEqual(row.members, "ActiveCampaign does not tell")
        self.assertEqual(self.owner(self.admin), "1")
        self.assertEqual(self.owner(self.nobody), "1")

    def test_an_owner_who_has_left_stands_in_for_nobody(self):
        self.map(self.europe, self.grace)
        self.grace.active = False
        self.assertIsNone(self.owner(self.nobody))

    def test_entries_are_of_the_same_account_and_kind(self):
        stage = self.env["ac.metadata"]._entries(self.config, "stage")[:1]
        with self.assertRaisesRegex(ValidationError, "Choose a user and a group"):
            self.map(self.europe, stage)
        self.cr.rollback()

    def test_the_deal_over_there_has_the_teams_owner_and_gets_the_next_one(self):
        currency = self.env.company.currency_id.name.lower()
        with self.client() as client:
            client.pipelines.update("1", {"currency": currency})
        self.perform("metadata")
        self.line("draft", stage="To Contact", sequence=1)
        self.map(self.europe, self.grace)
        order = self.order(user_id=self.nobody.id)
        order.team_id = self.europe
        self.run_jobs()
        self.assertEqual(self.deal_owner(order), self.grace.remote_id)
        self.map(self.asia, self.entry("user", 1))
        order.team_id = self.asia
        self.run_jobs()
        self.assertEqual(self.deal_owner(order), "1")

    def deal_owner(self, order):
        deal = self.deal(order)
        self.assertEqual(deal.state, "synced", deal._explanation())
        return str(self.simulator.state()["deals"][deal.remote_id]["owner"])

    def test_queries_do_not_grow_with_the_orders(self):
        self.map(self.europe, self.grace)
        orders = self.order(user_id=self.nobody.id)
        counts = []
        for _again in range(2):
            orders.team_id = self.europe
            self.commit()
            self.env.invalidate_all()
            with self.counted() as count:
                self.config._team_owners(orders)
            counts.append(count())
            orders |= self.order(user_id=self.nobody.id)
            orders |= self.order(user_id=self.admin.id)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestTeamTags(TeamCase):
    def setUp(self):
        super().setUp()
        self.config.write({"sync_deals": False, "team_tag": "Team:"})
        self.join(self.nobody, self.europe)
        self.partner.user_id = self.nobody
        self.run_jobs()

    def tags_of(self, partner=None):
        return self.simulator.contacts()[(partner or self.partner).email]["tags"]

    def test_a_contact_has_the_tag_of_its_salespersons_team(self):
        self.assertEqual(self.tags_of(), ["Team: Europe"])

    def test_another_team_is_another_tag_and_the_old_one_goes(self):
        self.join(self.nobody, self.asia)
        self.run_jobs()
        self.assertEqual(self.tags_of(), ["Team: Asia"])

    def test_another_salesperson_may_be_in_another_team(self):
        self.join(self.admin, self.asia)
        self.partner.user_id = self.admin
        self.run_jobs()
        self.assertEqual(self.tags_of(), ["Team: Asia"])
        self.partner.user_id = False
        self.run_jobs()
        self.assertEqual(self.tags_of(), [])

    def test_a_renamed_team_is_another_tag(self):
        self.europe.name = "EMEA"
        self.run_jobs()
        self.assertEqual(self.tags_of(), ["Team: EMEA"])

    def test_a_deleted_team_has_no_tag(self):
        self.europe.unlink()
        self.run_jobs()
        self.assertEqual(self.tags_of(), [])

    def test_tags_of_others_stay(self):
        """A tag of the same kind that somebody made by hand is not ours."""
        with self.client() as client:
            contact = next(client.contacts.list(email=self.partner.email))["id"]
            tag = client.tags.create({"tag": "Team: Asia", "tagType": "contact"}).id
            client.contact_tags.create({"contact": contact, "tag": tag})
        self.partner.user_id = False
        self.run_jobs()
        self.assertEqual(self.tags_of(), ["Team: Asia"])

    def test_people_have_the_team_of_their_company(self):
        company = self.make_partners({"name": "Acme", "is_company": True})
        bob = self.make_partners(
            {"name": "Bob", "email": "bob@example.com", "parent_id": company.id}
        )
        self.run_jobs()
        self.assertEqual(self.tags_of(bob), [])
        company.user_id = self.nobody
        self.run_jobs()
        self.assertEqual(self.tags_of(bob), ["Team: Europe"])
        self.join(self.nobody, self.asia)
        self.run_jobs()
        self.assertEqual(self.tags_of(bob), ["Team: Asia"])

    def test_without_the_option_there_is_no_tag(self):
        self.config.team_tag = False
        self.partner._ac_mark()
        self.run_jobs()
        self.assertEqual(self.tags_of(), [])

    def test_the_option_is_off_by_default(self):
        config = self.env["ac.odoo.config"].default_get(["team_tag"])
        self.assertFalse(config.get("team_tag"))

    def test_the_team_of_another_company_is_not_told(self):
        elsewhere = self.company("Elsewhere")
        self.nobody.company_ids += elsewhere
        self.nobody.company_id = self.europe.company_id = elsewhere
        self.config.company_id = self.env.company
        self.partner._ac_mark()
        self.run_jobs()
        self.assertEqual(self.tags_of(), [])

    def test_nobody_is_marked_where_no_account_has_team_tags(self):
        self.config.team_tag = False
        self.run_jobs()
        self.europe.name = "EMEA"
        self.commit()
        self.assertEqual(self.binding(self.partner).state, "synced")

    def test_queries_do_not_grow_with_the_contacts(self):
        partners, counts = self.partner, []
        for _again in range(2):
            self.env.invalidate_all()
            with self.counted() as count:
                self.config._team_tags_of(partners)
            counts.append(count())
            people = [{"name": f"P{n}", "user_id": self.nobody.id} for n in range(9)]
            partners |= self.make_partners(*people)
        self.assertEqual(*counts)

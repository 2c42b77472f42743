# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the screens say, and how many queries a page of rows costs."""

from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from ..models.ac_sync_screen import QUIET, URGENCY
from .common import SIMULATOR, ConnectorCase

COLUMNS = ["ac_sync_state", "ac_sync_message", "ac_synced_at", "ac_unlinked"]
LINK_COLUMNS = [
    "display_name",
    "explanation",
    "remedy",
    "remote_url",
    "main_id",
    "spoken_for_names",
    "told_tags",
    "told_lists",
    "told_automations",
    "told_account",
    "told_fields",
]


class TestScreens(ConnectorCase):
    def set_link(self, partner, **values):
        """Put a partner's link in a state, as the engine leaves it."""
        link = self.binding(partner).filtered(lambda b: b.object == "contact")
        link.write({"skip_reason": False, "message": False, **values})
        self.commit()
        return link

    def people(self, count):
        return self.make_partners(
            *({"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(count))
        )

    @contextmanager
    def counted(self):
        """Count the queries of a page that is read anew."""
        self.env.flush_all()
        self.env.invalidate_all()
        before, cost = self.cr.sql_log_count, []
        yield cost
        cost.append(self.cr.sql_log_count - before)

    # One query for all ------------------------------------------------------------

    def test_no_screen_asks_per_row(self):
        category = self.env["res.partner.category"].create({"name": "VIP"})
        company = self.make_partners({"name": "Engines", "is_company": True})
        people = self.people(80)
        people.write({"category_id": [(4, category.id)], "parent_id": company.id})
        self.run_jobs()
        links = self.env["ac.binding"]._of(people)
        self.assertEqual(set(links.mapped("state")), {"synced"})
        for rows, columns in ((people, COLUMNS), (links, LINK_COLUMNS)):
            rows[:1].read(columns)  # what is cached for good
            with self.counted() as ten:
                rows[:10].read(columns)
            with self.counted() as all_of_them:
                rows.read(columns)
            self.assertEqual(ten, all_of_them)

    # The state over all accounts --------------------------------------------------

    def test_every_state_is_found_and_grouped_as_it_is_shown(self):
        people = self.people(len(URGENCY) + 2)
        self.run_jobs()
        for partner, state in zip(people, URGENCY, strict=False):
            self.set_link(partner, state=state)
        self.set_link(people[-2], state="skipped", skip_reason="conflict")
        self.binding(people[-1]).unlink()
        self.commit()
        mine = [("id", "in", people.ids)]
        shown = people.grouped("ac_sync_state")
        self.assertEqual(set(shown), {*URGENCY, False})
        partners = self.env["res.partner"]
        for state, expected in shown.items():
            domain = [*mine, ("ac_sync_state", "=", state)]
            self.assertEqual(partners.search(domain), expected)
            domain = [*mine, ("ac_sync_state", "!=", state)]
            self.assertEqual(partners.search(domain), people - expected)
        groups = partners._read_group(mine, ["ac_sync_state"], ["id:recordset"])
        self.assertEqual({state or False: rows for state, rows in groups}, shown)
        found = partners.search([*mine, ("ac_sync_state", "in", ["dead", "failed"])])
        self.assertEqual(found, people[:2])
        self.assertTrue(partners.fields_get()["ac_sync_state"]["groupable"])

    def test_company_without_e_mail_is_in_step_as_an_account(self):
        company = self.make_partners({"name": "Engines", "is_company": True})
        self.run_jobs()
        states = set(self.binding(company).mapped("state"))
        self.assertEqual(states, {"synced", "skipped"})
        self.assertEqual(company.ac_sync_state, "synced")
        self.assertIn("no_email", QUIET)
        by_state = [("id", "=", company.id), ("ac_sync_state", "=", "synced")]
        self.assertEqual(self.env["res.partner"].search(by_state), company)

    def test_user_without_the_role_sees_no_state(self):
        seller = new_test_user(
            self.env, "ac_seller", groups="base.group_user,base.group_partner_manager"
        )
        partners = self.env["res.partner"].with_user(seller)
        self.assertNotIn("ac_sync_state", partners.fields_get())
        self.assertTrue(partners.search([], limit=1).name)
        seller.unlink()

    def test_links_of_another_company_do_not_count(self):
        person = self.people(1)
        other = self.make_config(company_id=self.company("Elsewhere").id)
        person._ac_mark()
        self.run_jobs()
        self.binding(person, other).write({"state": "dead"})
        self.commit()
        user = new_test_user(
            self.env, "ac_looker", groups="base.group_user,ac_odoo_connector.group_user"
        )
        partner = person.with_user(user)
        self.assertEqual(person.ac_sync_state, "dead")
        self.env.invalidate_all()
        self.assertEqual(partner.ac_sync_state, "synced")
        mine = [("id", "=", person.id)]
        dead = [*mine, ("ac_sync_state", "=", "dead")]
        self.assertFalse(partner.search(dead))
        ((state, _count),) = partner._read_group(mine, ["ac_sync_state"], ["__count"])
        self.assertEqual(state, "synced")
        user.unlink()

    # One e-mail, several records (user requirement 8) --------------------------------

    def test_main_record_is_shown_on_all_of_them(self):
        people = self.make_partners(
            *({"name": f"Ada {n}", "email": "ada@example.com"} for n in range(3))
        )
        self.run_jobs()
        main, *others = (self.binding(person) for person in people)
        self.assertEqual(main.spoken_for_names, "Ada 1, Ada 2")
        self.assertFalse(main.main_id)
        for other in others:
            self.assertEqual(other.main_id, main)
            self.assertIn("same e-mail", other.explanation)
            self.assertIn("e-mail of its own", other.remedy)
            self.assertEqual(other.action_open_main()["res_id"], people[0].id)
        domain = main.action_open_spoken_for()["domain"]
        self.assertEqual(self.env["res.partner"].search(domain), people[1:])

    def test_many_with_one_e_mail_fit_into_a_block(self):
        people = self.make_partners(
            *({"name": f"P{n}", "email": "info@example.com"} for n in range(9))
        )
        self.run_jobs()
        main = self.binding(people[0])
        self.assertEqual(main.spoken_for_names, "P1, P2, P3, P4, P5, 3 more")

    # What ActiveCampaign was told ------------------------------------------------

    def test_what_was_told_has_names(self):
        with self.client() as client:
            list_id = client.lists.create({"name": "News", "stringid": "news"}).id
        self.perform("metadata")
        entry = self.env["ac.metadata"].search(
            [("kind", "=", "list"), ("remote_id", "=", list_id)]
        )
        self.config.list_ids = entry
        category = self.env["res.partner.category"].create({"name": "VIP"})
        company = self.make_partners({"name": "Engines", "is_company": True})
        ada = self.make_partners(
            {
                "name": "Ada Lovelace",
                "email": "ada@example.com",
                "parent_id": company.id,
                "category_id": [(4, category.id)],
            }
        )
        self.env["ac.consent"]._record(ada, "granted", "paper")
        self.run_jobs()
        link = self.binding(ada)
        self.assertEqual(link.told_tags, "VIP")
        self.assertEqual(link.told_lists, "News: subscribed")
        self.assertEqual(link.told_account, "Engines")
        self.assertIn("firstName", link.told_fields)
        self.assertEqual(link.remote_url, f"{SIMULATOR}/app/contacts/{link.remote_id}")

    def test_every_reason_and_bad_state_says_what_to_do(self):
        (ada,) = self.people(1)
        self.run_jobs()
        reasons = dict(self.env["ac.binding"]._fields["skip_reason"].selection)
        for reason in reasons:
            link = self.set_link(ada, state="skipped", skip_reason=reason)
            self.assertTrue(link.explanation)
            if reason not in ("deleted", "other_company"):
                self.assertTrue(link.remedy, reason)
        for state in ("failed", "dead"):
            link = self.set_link(ada, state=state, message="Because.")
            self.assertEqual(link.explanation, "Because.")
            self.assertTrue(link.remedy)

    # Ways out ---------------------------------------------------------------------

    def test_error_opens_its_record(self):
        (ada,) = self.people(1)
        self.run_jobs()
        link = self.binding(ada)
        error = self.env["ac.error.log"].create(
            {
                "config_id": self.config.id,
                "binding_id": link.id,
                "res_model": ada._name,
                "res_id": ada.id,
                "operation": "Odoo to ActiveCampaign",
                "message": "No.",
            }
        )
        self.assertEqual(error.action_open_record()["res_id"], ada.id)

    def test_link_of_a_deleted_record_says_so(self):
        self.config.delete_policy = "nothing"
        (ada,) = self.people(1)
        self.run_jobs()
        link = self.binding(ada)
        ada.unlink()
        self.run_jobs()
        with self.assertRaisesRegex(UserError, "deleted in Odoo"):
            link.action_open_record()

    def test_account_that_does_not_know_the_partner_is_named(self):
        (ada,) = self.people(1)
        self.run_jobs()
        self.assertFalse(ada.ac_unlinked)
        self.make_config(name="Second shop")
        self.env.invalidate_all()
        self.assertEqual(ada.ac_unlinked, "Second shop")

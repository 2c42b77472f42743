# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odd orders of events: who said no stays out, nobody's contact is overwritten."""

from odoo.tests import new_test_user, tagged

from ..engine import push
from .common import ConnectorCase
from .consent_case import ConsentCase


@tagged("post_install", "-at_install")
class TestWithdrawals(ConsentCase):
    def subscribed(self):
        ada = self.person()
        self.say(ada, "granted")
        self.run_jobs()
        self.assertEqual(str(self.over_there(ada)), "1")
        return ada

    def test_archived_then_blacklisted(self):
        ada = self.subscribed()
        ada.active = False
        self.run_jobs()
        self.blacklist("ada@example.com")
        self.run_jobs()
        self.assertEqual(str(self.over_there(ada)), "2")

    def test_out_of_scope_then_withdrawn(self):
        ada = self.subscribed()
        self.config.partner_domain = str(
            [("id", ">", self.last_partner_id), ("city", "=", "X")]
        )
        self.say(ada, "withdrawn")
        self.run_jobs()
        self.assertEqual(str(self.over_there(ada)), "2")

    def test_email_removed_then_withdrawn(self):
        ada = self.subscribed()
        email = ada.email
        ada.email = False
        self.run_jobs()
        self.say(ada, "withdrawn")
        self.run_jobs()
        self.assertEqual(
            self.simulator.contacts()[email]["lists"].get(self.news_id), "2"
        )

    def test_withdrawn_while_disconnected(self):
        ada = self.subscribed()
        self.config.action_disconnect()
        self.commit()
        self.say(ada, "withdrawn")
        self.run_jobs()
        self.config.action_confirm()
        self.run_jobs()
        self.env["ac.odoo.config"]._cron_batch()
        self.run_jobs()
        self.assertEqual(str(self.over_there(ada)), "2")

    def test_withdrawal_outlives_its_partner(self):
        ada = self.person()
        twin = self.make_partners({"name": "Twin", "email": "ADA@example.com"})
        self.say(twin, "granted", date="2024-01-01")
        self.say(ada, "withdrawn")
        self.assertEqual(self.status(twin), 2)
        ada.unlink()
        self.commit()
        self.assertNotEqual(self.status(twin), 1)

    def test_deleted_withdrawal_is_heard_over_there(self):
        self.config.list_ids = False
        ada = self.person()
        twin = self.make_partners({"name": "Twin", "email": "ADA@example.com"})
        self.say(twin, "granted", date="2024-01-01")
        self.say(ada, "withdrawn")
        self.run_jobs()
        ada.unlink()
        self.config.list_ids = self.news
        twin._ac_mark()
        self.run_jobs()
        self.assertNotEqual(
            self.over_there(
                self.make_partners({"name": "x", "email": "ada@example.com"})
            ),
            "1",
        )


class DisorderCase(ConnectorCase):
    def delete(self, records):
        self.cr.rollback()
        records.exists().unlink()
        self.commit()

    def seller(self, **values):
        """Return a user who may edit partners and knows nothing of the connector."""
        groups = "base.group_user,base.group_partner_manager"
        user = new_test_user(self.env, "ac_disorder", groups=groups, **values)
        self.addCleanup(self.delete, user)
        return user


@tagged("post_install", "-at_install")
class TestContested(DisorderCase):
    def test_two_waiters_for_an_email_not_yet_free(self):
        self.client().contacts.create({"email": "taken@example.com", "firstName": "T"})
        old = self.make_partners({"name": "Old One", "email": "ada@example.com"})
        self.run_jobs()
        old.email = "taken@example.com"
        self.run_jobs()
        self.assertEqual(self.binding(old).state, "failed")
        n1, n2 = self.make_partners(
            {"name": "N1", "email": "ada@example.com"},
            {"name": "N2", "email": "ada@example.com"},
        )
        self.run_jobs()
        self.assertEqual(
            self.simulator.contacts()["ada@example.com"]["firstName"], "Old"
        )

    def test_merge_frees_an_email_for_a_third(self):
        a = self.make_partners({"name": "A", "email": "a@example.com"})
        b = self.make_partners({"name": "B", "email": "b@example.com"})
        c = self.make_partners({"name": "C", "email": "a@example.com"})
        self.run_jobs()
        self.assertEqual(self.binding(c).skip_reason, "shared_email")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (a | b).ids, b
        )
        self.run_jobs()
        self.env["ac.odoo.config"]._cron_batch()
        self.run_jobs()
        self.assertEqual(self.binding(c).state, "synced")

    def test_twin_not_processed_yet_then_delete(self):
        self.config.delete_policy = "delete"
        ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        remote = self.binding(ada).remote_id
        twin = self.make_partners({"name": "Twin", "email": "ada@example.com"})
        ada.unlink()
        self.run_jobs()
        self.assertEqual(self.binding(twin).remote_id, remote)

    def test_deleted_contact_is_not_made_again_when_only_existing_count(self):
        self.config.consent_mode = "existing"
        self.client().contacts.create({"email": "eve@example.com"})
        eve = self.make_partners({"name": "Eve", "email": "eve@example.com"})
        self.run_jobs()
        self.client().contacts.delete(self.binding(eve).remote_id)
        eve.phone = "+32 2 555 01 02"
        self.run_jobs()
        self.assertNotIn("eve@example.com", self.simulator.contacts())

    def test_tag_deleted_over_there(self):
        vip = self.env["res.partner.category"].create({"name": "XVIP"})
        self.addCleanup(self.delete, vip)
        self.make_partners(
            {"name": "A", "email": "a@example.com", "category_id": [(4, vip.id)]}
        )
        self.run_jobs()
        tag = next(t for t in self.client().tags.list() if t["tag"] == "XVIP")
        self.client().tags.delete(tag["id"])
        b = self.make_partners(
            {"name": "B", "email": "b@example.com", "category_id": [(4, vip.id)]}
        )
        self.run_jobs()
        self.retry_failed()
        self.assertEqual(self.binding(b).state, "synced")
        self.assertEqual(self.simulator.contacts()["b@example.com"]["tags"], ["XVIP"])


@tagged("post_install", "-at_install")
class TestCompaniesInDisorder(DisorderCase):
    def setUp(self):
        super().setUp()
        self.acme = self.make_partners({"name": "Acme", "is_company": True})

    def people(self, n, parent, tag="p"):
        return self.make_partners(
            *[
                {
                    "name": f"P {i}",
                    "email": f"{tag}{i}@example.com",
                    "parent_id": parent.id,
                }
                for i in range(n)
            ]
        )

    def link(self, email):
        contact = next(self.client().contacts.list(email=email))
        links = self.client().account_contacts.list(
            **{"filters[contact]": contact["id"]}
        )
        names = {
            str(a["id"]): a["name"] for a in self.simulator.state()["accounts"].values()
        }
        return [names[str(x["account"])] for x in links]

    def company_fails(self, company):
        self.env["ac.binding"].search(
            [("object", "=", "account"), ("res_id", "=", company.id)]
        ).write({"state": "failed", "tries": 1, "next_try_at": "2100-01-01"})
        self.commit()

    def test_contact_sent_while_company_is_mended(self):
        self.people(12, self.acme)
        self.company_fails(self.acme)
        push.push_chunk(self.config)  # imports the contacts: 'sent'
        self.commit()
        self.env.invalidate_all()
        self.cr.execute(
            "UPDATE ac_binding SET next_try_at='2020-01-01' WHERE state='failed'"
        )
        self.commit()
        push.push_chunk(self.config)
        self.commit()
        self.run_jobs()
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertEqual(self.link("p3@example.com"), ["Acme"])

    def test_people_of_twin_company_follow(self):
        twin = self.make_partners({"name": "ACME", "is_company": True})
        self.people(1, twin)
        self.cr.execute(
            "UPDATE ac_binding SET identity='acme', is_main=true WHERE object='account' AND res_id=%s",
            (self.acme.id,),
        )
        self.company_fails(self.acme)
        self.run_jobs()
        self.retry_failed()
        self.assertEqual(
            [a["name"] for a in self.simulator.state()["accounts"].values()], ["Acme"]
        )
        self.assertEqual(self.link("p0@example.com"), ["Acme"])

    def test_live_contact_waits_for_paused_run(self):
        self.cr.execute("DELETE FROM queue_job")
        run = self.env["ac.sync.run"]._start(self.config)
        self.cr.execute("UPDATE ac_binding SET priority=1, run_id=%s", (run.id,))
        run.action_pause()
        self.commit()
        ada = self.people(1, self.acme)
        self.cr.execute(
            "UPDATE ac_binding SET priority=1, run_id=%s WHERE res_id=%s",
            (run.id, self.acme.id),
        )
        self.perform("push")
        self.perform("run")
        self.assertEqual(self.binding(ada).state, "synced")

    def test_account_deleted_there_only_contact_changes(self):
        ada = self.people(1, self.acme)
        self.run_jobs()
        acc = self.env["ac.binding"].search(
            [("object", "=", "account"), ("res_id", "=", self.acme.id)]
        )
        self.client().accounts.delete(acc.remote_id)
        ada.function = "Boss"
        self.run_jobs()
        for _ in range(5):
            self.retry_failed()
        self.assertEqual(self.binding(ada).state, "synced")

    def test_companies_switched_off_and_on(self):
        self.run_jobs()
        self.config.sync_accounts = False
        self.people(1, self.acme)
        self.run_jobs()
        self.config.write({"sync_accounts": True})
        self.commit()
        self.env["ac.odoo.config"]._cron_batch()
        self.run_jobs()
        self.assertEqual(self.link("p0@example.com"), ["Acme"])

    def test_move_policy_in_import(self):
        self.simulator.call("POST", "clock", offset=-7200)
        contact = self.client().contacts.create({"email": "p3@example.com"}).id
        self.simulator.call("POST", "clock", offset=0)
        account = self.client().accounts.create({"name": "Other"}).id
        self.client().account_contacts.create({"contact": contact, "account": account})
        self.people(12, self.acme)
        self.run_jobs()
        self.assertEqual(self.link("p3@example.com"), ["Acme"])

    def test_merge_people_follow(self):
        beta = self.make_partners({"name": "Beta", "is_company": True})
        self.people(1, self.acme)
        self.run_jobs()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.acme | beta).ids, beta
        )
        self.run_jobs()
        self.assertEqual(self.link("p0@example.com"), ["Beta"])

    def test_category_renamed_by_user_of_another_company(self):
        vip = self.env["res.partner.category"].create({"name": "XVIP"})
        self.addCleanup(self.delete, vip)
        other = self.company("Elsewhere")
        main = self.env.ref("base.main_company")
        self.make_partners(
            {
                "name": "A",
                "email": "a@example.com",
                "company_id": main.id,
                "category_id": [(4, vip.id)],
            }
        )
        user = self.seller(company_id=other.id, company_ids=[(6, 0, other.ids)])
        self.run_jobs()
        self.env.invalidate_all()
        vip.with_user(user).write({"name": "XGOLD"})
        self.commit()
        self.run_jobs()
        self.assertEqual(self.simulator.contacts()["a@example.com"]["tags"], ["XGOLD"])

    def test_salesperson_deletes_by_policy(self):
        self.config.delete_policy = "delete"
        ada = self.make_partners({"name": "A", "email": "a@example.com"})
        twin = self.make_partners(
            {"name": "T", "email": "a@example.com"},
            {"name": "E", "email": "e@example.com"},
        )
        user = self.seller()
        self.run_jobs()
        self.env.invalidate_all()
        (ada | twin[1]).with_user(user).unlink()
        self.run_jobs()
        self.assertIn("a@example.com", self.simulator.contacts())
        self.assertNotIn("e@example.com", self.simulator.contacts())

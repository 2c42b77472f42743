# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The log of what people said, who may touch it, and the preview of list changes."""

import os

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .consent_case import YES, ConsentCase


@tagged("post_install", "-at_install")
class TestConsentLog(ConsentCase):
    def test_entry_keeps_email_words_list_and_author(self):
        partner = self.person()
        entry = self.say(partner, "granted", self.news)
        self.assertEqual(entry.email, "ada@example.com")
        self.assertEqual((entry.text, entry.list_name), (YES, self.news.name))
        self.assertEqual(entry.user_id, self.env.user)
        partner.unlink()
        self.assertFalse(entry.exists())

    def test_nothing_is_said_in_the_future(self):
        partner = self.person()
        with self.assertRaises(ValidationError):
            self.say(partner, "granted", date="2099-01-01 00:00:00")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_nobody_edits_and_only_managers_delete(self):
        partner = self.person()
        entry = self.say(partner, "granted")
        for group in ("user", "operator", "manager"):
            mine = entry.with_user(self.user(group))
            with self.subTest(group=group), self.assertRaises(AccessError):
                mine.write({"state": "withdrawn"})
        with self.assertRaises(AccessError):
            entry.with_user(self.user("operator")).unlink()
        boss = self.user("manager")
        entry.with_user(boss).unlink()
        self.assertIsNone(self.status(partner))
        told = self.env["ac.trail"].search([], limit=1)
        self.assertEqual((told.action, told.user_id), ("deleted", boss))
        self.assertNotIn("ada", str(told.read()))

    def user(self, group):
        login = f"{group}{os.getpid()}"
        known = self.env["res.users"].search([("login", "=", login)])
        if known:
            return known
        groups = f"base.group_user,ac_odoo_connector.group_{group}"
        user = new_test_user(self.env, login, groups, company_id=1)
        self.addCleanup(self.forget_user, user)
        return user

    def forget_user(self, user):
        self.cr.rollback()
        partner = user.exists().partner_id
        user.exists().unlink()
        partner.unlink()
        self.commit()

    def test_deleted_entry_marks_the_person(self):
        partner = self.person()
        entry = self.say(partner, "granted")
        self.run_jobs()
        entry.unlink()
        self.assertTrue(self.marked(partner))

    def test_merged_partner_inherits_what_was_said(self):
        keep, drop = self.person("Keep"), self.person("Drop")
        self.say(keep, "granted")
        self.say(drop, "withdrawn")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (keep + drop).ids, keep
        )
        self.commit()
        self.assertEqual(self.status(keep), 2)

    def test_wizard_records_in_the_operators_name(self):
        partner = self.person()
        self.config.consent_text = YES
        operator = self.user("operator")
        action = partner.with_user(operator).action_ac_record_consent()
        wizard = self.env["ac.consent.record"].with_user(operator)
        wizard = wizard.with_context(**action["context"]).create({"source": "phone"})
        self.assertEqual(wizard.text, YES)
        wizard.action_record()
        entry = partner.ac_consent_ids
        self.assertEqual((entry.state, entry.source), ("granted", "phone"))
        self.assertEqual(entry.user_id, operator)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_wizard_wants_words_and_an_operator(self):
        partner = self.person()
        wizard = self.env["ac.consent.record"].create(
            {"partner_ids": partner.ids, "state": "granted", "text": " "}
        )
        with self.assertRaises(UserError):
            wizard.action_record()
        with self.assertRaises(AccessError):
            partner.with_user(self.user("user")).action_ac_withdraw_consent()

    def test_partner_form_shows_what_is_valid(self):
        partner = self.person()
        self.say(partner, "granted", self.other, date="2026-01-01 00:00:00")
        self.say(partner, "granted", date="2026-02-01 00:00:00")
        self.say(partner, "withdrawn", self.news, date="2026-03-01 00:00:00")
        self.env.invalidate_all()
        shown = [(e.list_id, e.state) for e in partner.ac_valid_consent_ids]
        self.assertEqual(
            shown,
            [(self.news, "withdrawn"), (self.env["ac.metadata"], "granted")],
        )

    def test_queries_do_not_grow_with_people(self):
        tag = self.env["res.partner.category"].create(
            {"name": "T", "ac_list_ids": [(6, 0, self.other.ids)]}
        )
        people = self.make_partners(
            *[
                {
                    "name": f"P{n}",
                    "email": f"p{n}@example.com",
                    "category_id": [(6, 0, tag.ids)],
                }
                for n in range(40)
            ]
        )
        self.say(people, "granted")
        self.say(people[:20], "withdrawn", self.other)
        few, many = (self.count_queries(people[:n]) for n in (2, 40))
        self.assertEqual(few, many)

    def count_queries(self, partners):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env["ac.consent"]._lists_of(self.config, partners)
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestListPreview(ConsentCase):
    def preview(self):
        return self.env["ac.list.preview"].browse(
            self.config.action_preview_lists()["res_id"]
        )

    def test_preview_counts_names_and_sends_exactly_these(self):
        self.config.list_ids = False
        new, known, gone, silent, archived = (
            self.person(name) for name in ("New", "Known", "Gone", "Silent", "Archived")
        )
        self.say(new | known | archived, "granted")
        self.say(gone, "withdrawn")
        self.tell(known, {self.news_id: 1})
        archived.active = False
        self.run_jobs()
        self.config.list_ids = self.news
        preview = self.preview()
        line = preview.line_ids
        counts = (line.subscribe, line.unsubscribe, line.unchanged)
        self.assertEqual((line.name, counts), (self.news.name, (1, 1, 2)))
        self.assertIn("New", line.names)
        self.assertIn("Gone", line.names)
        self.assertNotIn("Known", line.names)
        preview.action_apply()
        waiting = [p.name for p in (new | known | gone | silent) if self.marked(p)]
        self.assertEqual(waiting, ["New", "Gone"])

    def test_preview_sends_and_marks_nothing_by_itself(self):
        partner = self.person()
        self.say(partner, "granted")
        self.run_jobs()
        self.simulator.forget_log()
        self.config.list_ids = self.news | self.other
        self.config.consent_mode = "existing"
        self.preview()
        self.assertFalse(self.marked(partner))
        self.run_jobs()
        self.assertEqual(self.simulator.calls(), [])

    def test_people_of_another_company_are_not_in_the_preview(self):
        self.config.company_id = self.company("Ours")
        partner = self.person(company_id=self.company("Theirs").id)
        self.say(partner, "granted")
        self.config.partner_domain = str([("id", "=", partner.id)])
        self.assertEqual(self.preview().scope_count, 0)

    def test_config_takes_only_its_own_lists(self):
        other = self.make_config(name="Second")
        with self.assertRaises(ValidationError):
            other.list_ids = self.news

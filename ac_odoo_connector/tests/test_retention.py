# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What piles up is deleted after its days, in small bites, and nothing else is."""

from contextlib import contextmanager

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine import poll, retention
from ..engine.transaction import transaction
from .inbox_case import InboxCase

OLD, YOUNG = 400, 1
NOW = "2026-01-02"


@tagged("post_install", "-at_install")
class TestRetention(InboxCase):
    def setUp(self):
        super().setUp()
        self.config.event_days = 365
        self.commit()

    def forget(self):
        self.commit()
        self.env["ac.odoo.config"]._cron_forget()
        self.commit()
        self.env.invalidate_all()

    def age(self, records, days, column="create_date"):
        self.env.flush_all()
        self.cr.execute(
            SQL(
                "UPDATE %s SET %s = now() - %s * INTERVAL '1 day' WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                SQL.identifier(column),
                days,
                records.ids,
            )
        )
        self.commit()
        self.env.invalidate_all()

    def left(self, records):
        """Return those of some records that are still there."""
        self.commit()
        self.env.invalidate_all()
        return records.exists()

    def error(self, days, **values):
        error = self.env["ac.error.log"].create(
            {
                "config_id": self.config.id,
                "operation": "Test",
                "message": "No.",
                "binding_id": self.binding(self.ada).id,
                **values,
            }
        )
        self.age(error, days, "last_seen")
        return error

    def test_row_24_old_rows_go_by_themselves(self):
        """User requirement 24; `./setup/bench purge-1m` has a million of them."""
        cron = self.env.ref("ac_odoo_connector.cron_forget")
        self.assertTrue(cron.active)
        old, young = (self.error(days, state="solved") for days in (31, 29))
        cron.ir_actions_server_id.run()
        self.assertEqual(self.left(old + young), young)

    def test_errors_stay_until_they_are_solved(self):
        errors = {
            state: self.error(OLD, state=state)
            for state in ("open", "retrying", "dead", "ignored", "solved")
        }
        self.forget()
        there = {state for state, error in errors.items() if self.left(error)}
        self.assertEqual(there, {"open", "retrying", "dead"})

    def test_errors_that_nobody_can_mend_go_with_the_events(self):
        dead, recent = (
            self.error(days, state="dead", binding_id=False) for days in (366, 364)
        )
        self.forget()
        self.assertEqual(self.left(dead + recent), recent)

    def test_errors_of_no_account_go_after_a_month(self):
        old, young = (
            self.error(days, state="solved", config_id=False) for days in (31, 29)
        )
        self.forget()
        self.assertEqual(self.left(old + young), young)
        young.unlink()
        self.commit()

    def test_events_go_after_a_year_but_for_those_that_wait(self):
        done, new, young = (self.opened(self.ada, second) for second in (1, 2, 3))
        (done + young).sudo().write({"state": "done"})
        self.age(done + new, OLD)
        error = self.error(YOUNG, event_id=done.id)
        self.forget()
        self.assertEqual(self.left(done + new + young), new + young)
        self.assertEqual(self.left(error), error)
        self.assertFalse(error.event_id)
        self.config.state = "draft"
        self.forget()
        self.assertEqual(self.left(new + young), young)

    def test_every_account_has_its_own_days(self):
        second = self.make_config(name="Second", log_days=100)
        for config, there in ((self.config, False), (second, True)):
            error = self.error(50, state="solved", config_id=config.id)
            self.forget()
            self.assertEqual(bool(self.left(error)), there)

    def run_of(self, covers, days, state="done", **values):
        run = self.env["ac.sync.run"].create(
            {
                "config_id": self.config.id,
                "name": covers,
                "covers": covers,
                "state": state,
                **values,
            }
        )
        self.age(run, days, "finished_at")
        return run

    def test_the_last_run_over_an_object_stays(self):
        """It says that the object was loaded; without it nobody looks for changes."""
        paused = self.run_of("contact", OLD, "paused")
        first, last = self.run_of("contact", OLD), self.run_of("contact", OLD)
        other = self.run_of("product", OLD)
        self.forget()
        self.assertEqual(
            self.left(first + last + other + paused), other + paused + last
        )
        (first + paused).exists().unlink()
        self.assertIn("contact", {row.name for row in self.config._loaded_objects()})

    def test_a_run_stays_while_links_name_it(self):
        runs = self.run_of("contact", OLD) + self.run_of("contact", OLD)
        self.binding(self.ada).run_id = runs[0]
        self.forget()
        self.assertEqual(self.left(runs), runs)

    def test_the_last_reconciliation_stays(self):
        found = self.env["ac.reconciliation"]
        for state in ("done", "failed", "done", "stopped"):
            found += found.create({"config_id": self.config.id, "state": state})
        self.env["ac.reconciliation.line"].create(
            {"reconciliation_id": found[0].id, "kind": "bounced", "object": "contact"}
        )
        self.age(found, OLD, "started_at")
        self.forget()
        self.assertEqual(self.left(found).mapped("state"), ["done", "stopped"])
        lines = self.env["ac.reconciliation.line"].search([])
        self.assertFalse(lines.reconciliation_id & found[0])

    def test_settled_conflicts_go(self):
        values = {"config_id": self.config.id, "partner_id": self.ada.id}
        open_, settled = self.env["ac.conflict"].create(
            [
                {**values, "unit": unit, "label": unit, "state": state}
                for unit, state in (("phone", "open"), ("name", "settled"))
            ]
        )
        self.age(open_ + settled, OLD, "resolved_at")
        self.forget()
        self.assertEqual(self.left(open_ + settled), open_)

    def test_alerts_go_with_their_messages(self):
        values = {"config_id": self.config.id, "since": "2026-01-01", "seen_at": NOW}
        over, open_ = self.env["ac.alert"].create(
            [
                {
                    **values,
                    "kind": "breaker",
                    "state": "recovered",
                    "recovered_at": NOW,
                },
                {**values, "kind": "audit"},
            ]
        )
        posted = [alert.message_post(body="It happened.") for alert in over + open_]
        self.age(over, OLD, "recovered_at")
        self.forget()
        self.assertEqual(self.left(over + open_), open_)
        self.assertEqual([bool(self.left(each)) for each in posted], [False, True])

    def test_figures_and_audits_go_after_their_days(self):
        for model, column, values in (
            ("ac.api.usage", "minute", {"kind": "test", "minute": NOW}),
            ("ac.audit.run", "create_date", {"state": "done"}),
        ):
            with self.subTest(model=model):
                rows = []
                for days in (OLD, YOUNG):
                    values["config_id"] = self.config.id
                    rows.append(self.env[model].create(values))
                    self.age(rows[-1], days, column)
                old, young = rows
                self.forget()
                self.assertEqual(self.left(old + young), young)

    def test_what_was_forgotten_is_not_heard_as_news(self):
        """Polling asks for nothing that happened before the oldest event."""
        poll.set_up(self.config, "activities")
        self.commit()
        self.cr.execute("UPDATE ac_poll_state SET cursor = '2020-01-01'")
        self.commit()
        poll.pre_poll(self.config, "activities")
        state = self.env["ac.poll.state"]._of(self.config, "activities")
        since = self.config._remembers_since().date().isoformat()
        self.assertEqual(state.position["after"][:10], since)

    # How it is done ---------------------------------------------------------------

    def test_bites_are_taken_until_nothing_is_left(self):
        self.patch(retention, "BITE", 2)
        rules = [rule._replace(bite=2) for rule in retention.RULES]
        self.patch(retention, "RULES", rules)
        errors = [self.error(OLD, state="solved") for _ in range(5)]
        kept = self.error(YOUNG, state="solved")
        self.forget()
        self.assertEqual([bool(self.left(error)) for error in errors], [False] * 5)
        self.assertTrue(self.left(kept))

    def test_the_rest_is_for_the_next_visit(self):
        error = self.error(OLD, state="solved")
        self.patch(retention, "SECONDS", 0)
        self.assertTrue(retention.purge(self.env, 0))
        self.assertTrue(self.left(error))
        self.assertFalse(retention.purge(self.env, 10))
        self.assertFalse(self.left(error))

    def test_nobody_is_waited_for(self):
        """A row that somebody has locked is left for the next time."""
        locked, free = self.error(OLD, state="solved"), self.error(OLD, state="solved")
        with transaction(self.env) as env:
            env.cr.execute(
                "SELECT 1 FROM ac_error_log WHERE id = %s FOR UPDATE", (locked.id,)
            )
            self.forget()
            self.assertEqual(self.left(locked + free), locked)
        self.forget()
        self.assertFalse(self.left(locked))

    def test_rules_name_what_there_is(self):
        for rule in retention.RULES:
            if rule.model not in self.env:
                continue
            fields = self.env[rule.model]._fields
            self.assertIn(fields[rule.since].type, ("date", "datetime"), rule)
            self.assertTrue(fields[rule.since].store)
            self.assertIn("config_id", fields)
            self.assertEqual(self.config._fields[rule.days].type, "integer")

    @contextmanager
    def refused(self, words):
        """Expect a message, and leave nothing of the attempt to be written later."""
        with (
            self.assertRaisesRegex(ValidationError, words),
            self.cr.savepoint(),
        ):
            yield

    def test_nonsense_is_refused_with_a_message(self):
        for name in ("payload_days", "event_days", "log_days", "run_days"):
            for days in (0, -1, 3651):
                with self.refused("between a day and ten"):
                    self.config[name] = days
        with self.refused("at least as long"):
            self.config.write({"payload_days": 90, "event_days": 89})
        self.config.write({"payload_policy": "keep", "event_days": 89})

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every request is counted once: per minute and kind, over all workers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..activecampaign import AuthenticationError, resources
from ..engine import gateway, usage, watch
from .breaker_case import ONCE
from .common import ConnectorCase

FAULTY = ({"kind": "status", "status": 500, "times": 2}, {"kind": "drop", "times": 1})


@tagged("post_install", "-at_install")
class TestUsage(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.commit()
        self.cr.execute("DELETE FROM ac_api_usage")
        self.commit()

    def rows(self):
        self.commit()
        self.env.invalidate_all()
        return self.env["ac.api.usage"].search([("config_id", "=", self.config.id)])

    def total(self, name):
        return sum(self.rows().mapped(name))

    def test_numbers_are_those_of_the_account(self):
        self.make_partners(
            *({"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(14)),
            {"name": "Engines", "is_company": True},
        )
        self.simulator.faults(*FAULTY)
        self.run_jobs()
        self.config.test_connection()
        there = self.simulator.calls()
        self.assertGreater(len(there), 5)
        self.assertEqual(self.total("calls"), len(there))
        wrong = [e for e in there if e["fault"] or e["status"] >= 400]
        self.assertEqual(self.total("errors"), len(wrong))
        self.assertEqual(self.total("failures"), 3)
        imports = [e for e in there if "/import/" in e["path"]]
        mine = self.rows().filtered(lambda row: row.kind == "import")
        self.assertEqual(sum(mine.mapped("calls")), len(imports))

    def test_workers_add_up_in_one_row(self):
        with ThreadPoolExecutor(4) as workers:
            list(workers.map(self.ask_five_times, range(4)))
        rows = self.rows()
        minutes = set(rows.mapped("minute"))
        self.assertEqual(set(rows.mapped("kind")), {"connection"})
        self.assertEqual(len(rows), len(minutes))
        self.assertEqual(self.total("calls"), 20)
        self.assertEqual(sum(sum(row.buckets) for row in rows), 20)
        self.assertGreaterEqual(self.total("total_ms"), max(rows.mapped("max_ms")))

    def ask_five_times(self, _worker):
        with self.registry.cursor() as cr:
            config = self.config.with_env(self.env(cr=cr))
            with gateway.open_client(config) as client:
                for _call in range(5):
                    client.users.me()

    def test_what_fails_and_is_rolled_back_was_counted(self):
        self.patch(gateway, "PATIENCE", ONCE)
        self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.simulator.faults({"kind": "drop"})
        self.postponed("push")
        self.assertEqual((self.total("calls"), self.total("errors")), (1, 1))

    def test_long_work_is_written_down_in_between(self):
        self.patch(watch, "FLUSH_SECONDS", -1)
        with gateway.open_client(self.config) as client:
            client.users.me()
            self.assertEqual(self.total("calls"), 1)
            client.users.me()
            self.assertEqual(self.total("calls"), 2)
        self.assertEqual(self.total("calls"), 2)

    def test_what_could_not_be_written_down_is_written_later(self):
        self.patch(watch, "FLUSH_SECONDS", -1)
        self.forbid()
        with gateway.open_client(self.config) as client:
            with mute_logger("odoo.sql_db"):
                client.users.me()
            self.allow()
            self.assertEqual(self.total("calls"), 0)
        self.assertEqual(self.total("calls"), 1)

    def forbid(self):
        self.cr.execute(
            "ALTER TABLE ac_api_usage ADD CONSTRAINT test_full CHECK (calls < 0)"
        )
        self.commit()
        self.addCleanup(self.allow)

    def allow(self):
        self.cr.rollback()
        self.cr.execute("ALTER TABLE ac_api_usage DROP CONSTRAINT IF EXISTS test_full")
        self.commit()

    def test_every_path_has_a_kind(self):
        paths = {r.path for r in resources.ALL.values() if r.path.strip("/")}
        others = [p for p in paths if usage.kind_of(f"/api/3{p}/7") == "other"]
        self.assertEqual(others, [])

    def test_who_we_are_is_not_a_list_of_users(self):
        self.assertEqual(usage.kind_of("/api/3/users/me"), "connection")
        self.assertEqual(usage.kind_of("/api/3/users/7"), "metadata")
        self.assertEqual(usage.kind_of("/api/3/nothing/we/know"), "other")

    def test_times_of_an_account(self):
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        meter = usage.Meter()
        for seconds in (0.02,) * 18 + (0.4, 7.0):
            meter.count("contacts", seconds, False, False)
        usage.add(self.env, self.config.id, meter.rows)
        usage.add(self.env, self.config.id, meter.rows)
        found = usage.figures(self.env, self.config.id, now - timedelta(minutes=1))
        self.assertEqual(
            found,
            {
                "calls": 40,
                "errors": 0,
                "average_ms": 388,
                "p95_ms": 500,
                "max_ms": 7000,
            },
        )
        (row,) = self.rows()
        self.assertEqual((row.average_ms, row.p95_ms, row.calls), (388, 500, 40))
        later = now + timedelta(minutes=5)
        nothing = usage.figures(self.env, self.config.id, later)
        self.assertEqual((nothing["calls"], nothing["p95_ms"]), (0, None))

    def test_the_longest_is_the_limit_of_a_guess(self):
        meter = usage.Meter()
        meter.count("contacts", 0.21, False, False)
        meter.count("contacts", 60, False, False)
        ((_place, tally),) = meter.rows
        self.assertEqual(usage.percentile(tally.buckets, 0.5, 60_000), 300)
        self.assertEqual(usage.percentile(tally.buckets, 0.95, 60_000), 60_000)
        self.assertEqual(usage.percentile(tally.buckets, 0.5, 210), 210)

    def test_an_account_that_is_not_saved_yet_costs_nothing(self):
        config = self.env["ac.odoo.config"].create(
            {
                "name": "New",
                "ac_base_url": self.config.ac_base_url,
                "ac_api_key": "wrong",
            }
        )
        with gateway.trial_client(config, retry=ONCE) as client:
            self.assertRaises(AuthenticationError, client.users.me)
        self.cr.rollback()
        self.assertEqual(self.total("calls"), 0)

    def test_the_form_says_how_many_and_opens_them(self):
        with gateway.open_client(self.config) as client:
            client.users.me()
        self.rows()
        self.assertEqual(self.config.calls_last_hour, 1)
        action = self.config.action_view_usage()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.rows())

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every number is what its list, SQL and ActiveCampaign say."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..engine import dashboard_figures, wake
from .inbox_case import InboxCase
from .people_case import PeopleCase

FEW_QUERIES = 45
SUBJECTS = {"records", "objects", "queues", "requests", "events", "errors"}


def numbers(node, path=""):
    """Yield ``(path, number)`` of everything that opens a list."""
    if isinstance(node, dict) and "measure" in node:
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from numbers(value, f"{path}/{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from numbers(value, f"{path}/{place}")


def charts(node, path=""):
    """Yield ``(path, chart)`` of everything that has slots."""
    if isinstance(node, dict) and "slots" in node:
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from charts(value, f"{path}/{key}")


@tagged("post_install", "-at_install")
class TestDashboard(InboxCase, PeopleCase):
    def setUp(self):
        super().setUp()
        self.cr.execute("DELETE FROM ac_api_usage")
        self.commit()
        self.simulator.forget_log()

    def look(self, config=None, hours=24, user=None):
        self.commit()
        self.env.invalidate_all()
        configs = self.env["ac.odoo.config"]
        if user:
            configs = configs.with_user(user)
        return configs.get_dashboard((config or self.config).id, hours)

    def mixed_day(self):
        """Some are sent, one is refused, one skipped, one waits; some events failed."""
        self.simulator.faults(
            {"kind": "status", "status": 422, "path": "contact", "times": 2}
        )
        self.make_partners({"name": "Bad", "email": "bad@example.com"})
        self.run_jobs()
        self.cr.execute("UPDATE ac_binding SET next_try_at = '2099-01-01'")
        self.simulator.call("DELETE", "faults")
        self.make_partners(
            {"name": "Good", "email": "good@example.com"},
            {"name": "No Address"},
            {"name": "Engines", "is_company": True},
        )
        self.run_jobs()
        for second in range(3):
            self.opened(self.ada, second)
        self.tell("subscribe", self.bob, source="poll")
        self.run_jobs()
        self.opened(self.bob, 30)
        self.bob.phone = "2"
        self.env["ac.alert"]._check(self.config)
        self.commit()

    def count(self, number):
        """Return what the list behind a number adds up to."""
        link = number["open"]
        records = self.env[link["model"]].search(link["domain"])
        if number["measure"] == "__count":
            return len(records)
        return sum(records.mapped(number["measure"]))

    # User requirement 35 ------------------------------------------------------------

    def test_row_35_numbers_are_what_their_lists_show(self):
        """User requirement 35: against SQL, with mixed results."""
        self.mixed_day()
        for hours in (1, 24, 168):
            board = self.look(hours=hours)
            found = list(numbers(board))
            subjects = {path.split("/")[1] for path, _number in found}
            self.assertEqual(subjects, SUBJECTS)
            for path, number in found:
                self.assertEqual(number["value"], self.count(number), path)
        values = {path: number["value"] for path, number in found}
        for path in ("records/synced", "records/failed", "records/skipped"):
            self.assertGreater(values[f"/{path}"], 0, path)
        self.assertEqual((values["/records/synced"], values["/records/failed"]), (3, 1))
        self.assertEqual(board["records"]["success"], 75)
        for path in ("requests/calls", "requests/errors", "events/heard"):
            self.assertGreater(values[f"/{path}"], 0, path)

    def test_row_35_numbers_are_what_activecampaign_holds(self):
        """User requirement 35: against the simulated account."""
        self.mixed_day()
        board = self.look()
        log = self.simulator.call("GET", "log")
        bad = sum(n for status, n in log["statuses"].items() if int(status) >= 400)
        self.assertEqual(board["requests"]["calls"]["value"], len(log["entries"]))
        self.assertEqual(board["requests"]["errors"]["value"], bad)
        rows = {row["key"]: row["cells"] for row in board["objects"]["rows"]}
        waiting = rows["contact"]["pending"]["value"]
        linked = rows["contact"]["synced"]["value"] + waiting
        self.assertEqual(linked, len(self.simulator.state()["contacts"]))
        self.assertEqual(
            rows["account"]["synced"]["value"], len(self.simulator.state()["accounts"])
        )

    def test_charts_are_what_their_slots_show(self):
        self.mixed_day()
        for hours in (1, 24, 168):
            for path, chart in charts(self.look(hours=hours)):
                self.assertEqual(len(chart["slots"]) * chart["step"], hours * 3600)
                for each in chart["series"]:
                    self.assertEqual(len(each["values"]), len(chart["slots"]), path)
        chart = self.look()["events"]["chart"]
        self.assertEqual({each["key"] for each in chart["series"]}, {"webhook", "poll"})
        for each in chart["series"]:
            for slot, value in zip(chart["slots"], each["values"], strict=True):
                self.assertEqual(value, self.in_slot(chart, each["key"], slot))

    def in_slot(self, chart, key, slot):
        """Return how many records a click on a slot would list."""
        link = chart["open"]
        begin = dashboard_figures.moment(slot)
        end = begin + timedelta(seconds=chart["step"])
        domain = [
            *link["domain"],
            (link["field"], ">=", begin),
            (link["field"], "<", end),
            (link["by"], "=", key),
        ]
        return self.env[link["model"]].search_count(domain)

    # User requirements 17 and 34 ----------------------------------------------------

    def test_row_34_age_of_the_queue(self):
        """User requirement 34: how old is what waits."""
        queues = {queue["key"]: queue for queue in self.look()["queues"]}
        self.assertEqual(
            (queues["push"]["waiting"]["value"], queues["push"]["age"]), (0, None)
        )
        wake._covered_until.clear()
        self.bob.phone = "2"
        self.opened(self.bob)
        self.cr.execute(
            "UPDATE ac_binding SET marked_at = marked_at - INTERVAL '9 min'"
        )
        self.commit()
        queues = {queue["key"]: queue for queue in self.look()["queues"]}
        self.assertEqual(queues["push"]["waiting"]["value"], 1)
        self.assertGreaterEqual(queues["push"]["age"], 9 * 60)
        self.assertEqual(queues["webhook"]["waiting"]["value"], 1)
        self.assertEqual(queues["push"]["jobs"]["waiting"]["value"], 1)
        self.run_jobs()
        queues = {queue["key"]: queue for queue in self.look()["queues"]}
        self.assertEqual(queues["push"]["jobs"]["waiting"]["value"], 0)

    def test_row_17_products_are_counted(self):
        """User requirement 17: counts of the catalogue."""
        self.config.write(
            {
                "sync_products": True,
                "product_domain": str([("id", ">", self.last_product_id)]),
            }
        )
        self.env["product.product"].create({"name": "Difference Engine"})
        self.run_jobs()
        rows = {row["key"]: row["cells"] for row in self.look()["objects"]["rows"]}
        self.assertEqual(rows["product"]["synced"]["value"], 1)

    # Times --------------------------------------------------------------------------

    def test_time_from_a_save_to_the_answer(self):
        for partner, seconds in ((self.ada, 2), (self.bob, 12)):
            link = self.binding(partner)
            link.marked_at = link.synced_at - timedelta(seconds=seconds)
        records = self.look()["records"]
        self.assertEqual((records["average"], records["p95"]), (7, 11.5))

    def test_times_and_budget_of_requests(self):
        minute = fields.Datetime.now().replace(second=0, microsecond=0)
        self.env["ac.api.usage"].create(
            {
                "config_id": self.config.id,
                "minute": minute - timedelta(minutes=2),
                "kind": "contacts",
                "calls": 150,
                "errors": 15,
                "total_ms": 30_000,
                "max_ms": 900,
                "buckets": [0, 100, 40, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0],
            }
        )
        requests = self.look(hours=1)["requests"]
        self.assertEqual(requests["success"], 90)
        self.assertEqual(requests["average"], 0.2)
        self.assertEqual(requests["p95"], 0.9)
        self.assertEqual(requests["budget"]["now"], 10)
        self.assertEqual(requests["budget"]["peak"], 50)
        self.assertEqual(requests["budget"]["most"]["value"], 150)

    def test_without_requests_there_are_no_rates(self):
        requests = self.look()["requests"]
        self.assertEqual((requests["success"], requests["p95"]), (None, None))
        self.assertEqual(requests["budget"]["most"]["value"], 0)

    # Health -------------------------------------------------------------------------

    def test_health_names_what_is_wrong(self):
        self.config.problem = "The key is refused."
        self.env["ac.alert"]._check(self.config)
        health = self.look()["health"]
        self.assertEqual(health["problem"], "The key is refused.")
        self.assertEqual(health["breaker"], "closed")
        self.assertIn("No access", health["alerts"][0]["title"])

    def test_runs_show_themselves(self):
        run = self.env["ac.sync.run"]._start(self.config)
        self.run_jobs()
        (shown,) = self.look()["runs"]
        self.assertEqual((shown["id"], shown["state"]), (run.id, "done"))
        self.assertEqual((shown["total"], shown["progress"]), (run.total, 100))

    # Who sees what ------------------------------------------------------------------

    def test_user_has_links_to_what_they_may_read(self):
        self.mixed_day()
        user = self.user("user")
        board = self.look(user=user)
        self.assertTrue(board["records"]["synced"]["open"])
        self.assertFalse(board["errors"]["open"], "errors are for operators")
        self.assertFalse(board["queues"][0]["jobs"]["waiting"]["open"])

    def test_account_of_another_company_is_not_shown(self):
        other = self.make_config(name="Other", company_id=self.company("Elsewhere").id)
        user = self.user("operator")
        board = self.look(other, user=user)
        self.assertEqual(board["account"], self.config.id)
        self.assertNotIn(other.id, [each["id"] for each in board["accounts"]])

    def test_without_an_account_there_is_none(self):
        self.config.active = False
        self.assertNotIn("account", self.look())

    def test_hours_that_are_not_offered_are_a_day(self):
        self.assertEqual(self.look(hours=5)["period"], 24)

    def test_as_many_queries_for_many_records_as_for_few(self):
        self.mixed_day()
        few = self.queries()
        self.make_partners(
            *({"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(60))
        )
        self.run_jobs()
        for second in range(100, 160):
            self.opened(self.ada, second)
        self.run_jobs()
        self.assertEqual(self.queries(), few)
        self.assertLess(few, FEW_QUERIES)

    def queries(self):
        self.look()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env["ac.odoo.config"].get_dashboard(self.config.id)
        return self.cr.sql_log_count - before

    def test_views_group_times_as_the_web_client_can(self):
        """Its shortest interval is a day: a graph with another one does not open."""
        of_ours = [("model", "=like", "ac.%")]
        for view in self.env["ir.ui.view"].search(of_ours):
            self.assertNotRegex(view.arch, r"interval=.hour|:hour", view.name)

    def test_account_opens_its_dashboard(self):
        action = self.config.action_view_dashboard()
        self.assertEqual(action["params"], {"config_id": self.config.id})
        self.assertEqual(action["tag"], "ac_odoo_connector.dashboard")

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs: every one has its channel, its place in the order and only one of its kind."""

from concurrent.futures import ThreadPoolExecutor

from odoo.tests import tagged

from odoo.addons.queue_job.job import Job

from ..engine import gateway, push
from ..models.ac_odoo_config_jobs import PRIORITIES
from .breaker_case import MINIMUM, ONCE
from .common import ConnectorCase

CHANNELS = ("root.ac.webhook", "root.ac.push", "root.ac.batch")


@tagged("post_install", "-at_install")
class TestQueue(ConnectorCase):
    def function(self, job):
        name = f"<ac.odoo.config>._job_{job}"
        return self.env["queue.job.function"].search([("name", "=", name)])

    def test_every_job_has_a_channel_and_a_pattern(self):
        of_queue_job = {*dir(self.registry["base"])}
        jobs = {
            f"<{model}>.{name}"
            for model in self.registry
            if model.startswith("ac.")
            for name in {*dir(self.registry[model])} - of_queue_job
            if name.startswith("_job_")
        }
        functions = self.env["queue.job.function"].search([("name", "in", [*jobs])])
        self.assertEqual(set(functions.mapped("name")), jobs)
        self.assertLessEqual(set(functions.mapped("channel")), set(CHANNELS))
        self.assertTrue(all(f.retry_pattern for f in functions))

    def test_webhooks_go_before_single_pushes_before_batches(self):
        order = {channel: [] for channel in CHANNELS}
        for job, priority in PRIORITIES.items():
            order[self.function(job).channel].append((priority, job))
        inbox, push_, run = ((PRIORITIES[j], j) for j in ("inbox", "push", "run"))
        self.assertEqual(order["root.ac.webhook"], [inbox])
        self.assertIn(push_, order["root.ac.push"])
        self.assertIn(run, order["root.ac.batch"])
        self.assertLess(inbox, push_)
        self.assertLess(push_, run)
        lasting = ("collect", "metadata", "reconcile", "poll_contacts")
        self.assertLess(PRIORITIES["push"], min(PRIORITIES[j] for j in lasting))

    def test_the_same_job_waits_once(self):
        for job in PRIORITIES:
            self.config._enqueue(job)
            self.config._enqueue(job)
        jobs = self.env["queue.job"].search([])
        self.assertEqual(len(jobs), len(PRIORITIES))
        self.assertEqual(len(set(jobs.mapped("identity_key"))), len(PRIORITIES))
        self.assertEqual({*jobs.mapped("priority")}, {*PRIORITIES.values()})

    def test_accounts_do_not_share_a_job(self):
        other = self.make_config(name="Other")
        (self.config._enqueue("push"), other._enqueue("push"))
        self.assertEqual(self.env["queue.job"].search_count([]), 2)

    def test_a_job_that_meets_a_paused_account_keeps_its_tries(self):
        self.patch(gateway, "PATIENCE", ONCE)
        self.config.breaker_minimum = MINIMUM
        self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.simulator.faults({"kind": "drop"})
        self.config._enqueue("push")
        self.commit()
        (uuid,) = self._waiting_jobs()
        for _try in range(2 * MINIMUM):
            job = Job.load(self.env, uuid)
            self.try_(job)
        self.assertEqual(job.retry, 0)
        self.assertEqual(len(self.simulator.calls()), MINIMUM)

    def try_(self, job):
        """Perform a job as the runner does, as far as its tries are concerned."""
        job.set_started()
        try:
            job.perform()
        except Exception as error:
            self.cr.rollback()
            job.postpone(str(error), seconds=error.seconds)
            job.set_pending(reset_retry=False)
            job.store()
            self.commit()
        else:
            self.fail("The job was not postponed.")


@tagged("post_install", "-at_install")
class TestManyWorkers(ConnectorCase):
    WORKERS, EACH = 10, 3

    def test_row_22_ten_workers_keep_to_the_limit_and_lose_nothing(self):
        """User requirement 22; tests/e2e/test_two_nodes.py has two servers."""
        self.real_limits()
        self.simulator.faults(
            {"kind": "status", "status": 429, "retry_after": 2, "probability": 0.1}
        )
        with ThreadPoolExecutor(self.WORKERS) as workers:
            list(workers.map(self.work, range(self.WORKERS)))
        log = self.simulator.call("GET", "log")
        self.assertEqual(len(self.simulator.contacts()), self.WORKERS * self.EACH)
        self.assertLessEqual(log["max_per_second_seen"], 5)
        refused = [e for e in log["entries"] if e["status"] == 429]
        self.assertTrue(refused)
        for each in refused:
            self.assertEqual(self.too_early(each, log["entries"]), [])

    def work(self, worker):
        with self.registry.cursor() as cr:
            config = self.config.with_env(self.env(cr=cr))
            with gateway.open_client(config) as client:
                for number in range(self.EACH):
                    email = f"w{worker}n{number}@example.com"
                    client.contacts.sync({"email": email})

    def too_early(self, refused, entries):
        """Return what came while the account had asked for a pause; what was on its way
        when it did so may still arrive."""
        on_its_way = refused["t"] + 0.5
        return [e for e in entries if on_its_way < e["t"] < refused["t"] + 2]

    def test_two_workers_push_side_by_side_and_nothing_goes_twice(self):
        people = self.make_partners(
            *({"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(40))
        )
        with ThreadPoolExecutor(4) as workers:
            list(workers.map(self.push, range(4)))
        self.run_jobs()
        self.assertEqual({*people.ac_binding_ids.mapped("state")}, {"synced"})
        self.assertEqual(len(self.simulator.contacts()), 40)
        self.assertEqual(self.times_sent(), 40)  # by one worker or shared by several

    def times_sent(self):
        """Return how many contacts all imports and single calls took, repeats too."""
        imports = self.simulator.state()["imports"].values()
        alone = [e for e in self.simulator.writes() if "contact/sync" in e["path"]]
        return sum(len(batch["success"]) for batch in imports) + len(alone)

    def push(self, _worker):
        with self.registry.cursor() as cr:
            push.push_chunk(self.config.with_env(self.env(cr=cr)))

# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real parts for the tests: committed transactions, real jobs, HTTP to the simulator."""

import os
import unittest

import requests

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name

from odoo.addons.base.models import res_users
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import Job

from ..activecampaign import ActiveCampaignClient
from ..engine import erased, throttle, wake

SIMULATOR = os.environ.get("AC_SIMULATOR_URL", "")
KEY = os.environ.get("AC_SIMULATOR_KEY", "simulator-key")

REAL_LIMITS = throttle.LIMITS


class Simulator:
    """The simulated account's controls, as far as these tests need them."""

    def call(self, method, path, **body):
        response = requests.request(
            method, f"{SIMULATOR}/_sim/{path}", json=body, timeout=20
        )
        response.raise_for_status()
        return response.json()

    def reset(self, **options):
        self.call("POST", "reset", **options)

    def faults(self, *rules):
        self.call("POST", "faults", rules=list(rules))

    def state(self):
        return self.call("GET", "state")

    def contacts(self):
        """Return ``{e-mail: contact}``."""
        return {c["email"]: c for c in self.state()["contacts"].values()}

    def calls(self):
        """Return the log entries of the API calls since the log was emptied."""
        return self.call("GET", "log")["entries"]

    def writes(self):
        """Return those that change something."""
        return [entry for entry in self.calls() if entry["method"] != "GET"]

    def forget_log(self):
        self.call("DELETE", "log")


@unittest.skipUnless(SIMULATOR, "AC_SIMULATOR_URL names no simulator: use ./setup/test")
class ConnectorCase(BaseCase):
    """Tests whose transactions are committed, as the engine's own are.

    Every test starts with an empty simulated account and a connected config; what
    it made in Odoo is deleted afterwards.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        # a password costs most of a second, on purpose; here it protects nothing
        cls.classPatch(res_users, "MIN_ROUNDS", 1)
        cls.registry.clear_cache()
        cls.simulator = Simulator()

    LIMITS = {"request": (5, 0.01), "import": (100, 1)}
    """Calls and seconds, so that nobody waits; see `real_limits`."""

    def setUp(self):
        super().setUp()
        self.patch(throttle, "LIMITS", self.LIMITS)
        self.simulator.reset(seed=1)
        self.simulator.call("POST", "limits", enabled=False)
        self.cr = self.registry.cursor()
        self.addCleanup(self.cr.close)  # even if cleaning fails: its locks hang others
        self.env = api.Environment(self.cr, SUPERUSER_ID, {})
        self.addCleanup(self._clean)
        self.cr.execute("SELECT max(id) FROM res_partner")
        self.last_partner_id = self.cr.fetchone()[0]
        self.cr.execute("SELECT COALESCE(max(id), 0) FROM product_product")
        self.last_product_id = self.cr.fetchone()[0]
        self.config = self.make_config()

    def real_limits(self):
        """Keep to what ActiveCampaign allows, on both sides."""
        self.patch(throttle, "LIMITS", REAL_LIMITS)
        self.simulator.call("POST", "limits", enabled=True)

    def make_config(self, **values):
        """Return a connected account whose scope is what this test makes."""
        config = self.env["ac.odoo.config"].create(
            {
                "name": "Test",
                "ac_base_url": SIMULATOR,
                "ac_api_key": KEY,
                "partner_domain": str([("id", ">", self.last_partner_id)]),
                "account_domain": str(
                    [("id", ">", self.last_partner_id), ("is_company", "=", True)]
                ),
                "customer_tag": False,
                "lead_tag": False,
                "event_days": 3650,  # the tests' events have fixed dates
                **values,
            }
        )
        config.action_confirm()
        self.cr.execute("DELETE FROM queue_job")
        wake._covered_until.clear()
        self.commit()
        self.simulator.forget_log()
        return config

    def make_partners(self, *vals_list):
        """Create and commit partners; return them."""
        partners = self.env["res.partner"].create(list(vals_list))
        self.commit()
        return partners

    def commit(self):
        """Commit, so that the engine's own transactions see what the test has made."""
        self.cr.commit()  # pylint: disable=invalid-commit

    def company(self, name):
        """Return a company; Odoo never deletes one, so it outlives the test."""
        companies = self.env["res.company"]
        return companies.search([("name", "=", name)]) or companies.create(
            {"name": name}
        )

    def client(self):
        """Return a client of the simulated account, for what a person does there."""
        return ActiveCampaignClient(SIMULATOR, KEY, allow_local=True)

    def perform(self, job):
        """Perform one job of the account by name, whether it waits or not."""
        self.commit()
        self.cr.execute("DELETE FROM queue_job")
        self.commit()
        wake._covered_until.clear()
        getattr(self.config, f"_job_{job}")()
        self.commit()
        self.env.invalidate_all()

    def postponed(self, job):
        """Perform a job that has to be tried again later; return why."""
        try:
            self.perform(job)
        except RetryableJobError as error:
            self.cr.rollback()
            self.env.invalidate_all()
            # without a number queue_job takes ten minutes
            self.assertLessEqual(error.seconds or 600, 60)
            return str(error)
        self.fail("The job was not postponed.")

    def run_jobs(self):
        """Perform the waiting jobs, until none is left.

        Unlike the runner it does not wait for their start, so what relies on that
        has to be forgotten.
        """
        self.commit()
        while uuids := self._waiting_jobs():
            for uuid in uuids:
                job = Job.load(self.env, uuid)
                job.set_started()
                job.store()
                self.commit()
                wake._covered_until.clear()
                job.perform()
                job.set_done()
                job.store()
                self.commit()
        self.env.invalidate_all()

    def retry_failed(self):
        """Let the time pass until failed records are tried again, and try them."""
        self.cr.execute("UPDATE ac_binding SET next_try_at = '2020-01-01'")
        self.commit()
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()

    def _waiting_jobs(self):
        self.cr.execute(
            "SELECT uuid FROM queue_job WHERE state = 'pending' ORDER BY priority, id"
        )
        return [row[0] for row in self.cr.fetchall()]

    def binding(self, partner, config=None):
        """Return the partner's link, freshly read."""
        self.commit()
        self.env.invalidate_all()
        return partner.ac_binding_ids.filtered(
            lambda b: b.config_id == (config or self.config)
        )

    def _clean(self):
        self.cr.rollback()
        self.cr.execute("DELETE FROM queue_job")
        self.cr.execute("DELETE FROM ac_erased")
        erased.forget_pepper(self.env)  # other tests have other keys
        everything = self.env["base"].with_context(active_test=False).env
        everything["ac.odoo.config"].search([]).unlink()
        everything["mail.blacklist"].search([]).unlink()
        self.env["ac.throttle"].search([]).unlink()
        self._clean_sales()
        partners = self.env["res.partner"].with_context(active_test=False)
        partners.search(
            [("id", ">", self.last_partner_id), ("ref_company_ids", "=", False)]
        ).unlink()
        self.commit()

    def _clean_sales(self):
        made = [("partner_id", ">", self.last_partner_id)]
        orders = self.env["sale.order"].with_context(active_test=False).search(made)
        orders._action_cancel()
        orders.unlink()
        products = self.env["product.product"].with_context(active_test=False)
        products.search([("id", ">", self.last_product_id)]).unlink()

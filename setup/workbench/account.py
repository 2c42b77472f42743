"""A connected ActiveCampaign account inside a running Odoo server, seen from outside."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from activecampaign import ActiveCampaignClient

from . import postgres
from .problem import Problem
from .server import OdooServer

FIELDS = ("JOB_TITLE", "COMPANY", "CITY", "COUNTRY_CODE", "LANGUAGE")
"""Custom fields of the simulated account that the addon's default mapping fills."""


class Account:
    """`ac.odoo.config` of a server that is connected with a simulated account."""

    def __init__(self, server: OdooServer, simulator: Any):
        self.server = server
        self.simulator = simulator
        self.id = 0

    def make_fields(self) -> None:
        """Give the simulated account the custom fields of the default mapping."""
        with self.client() as client:
            for name in FIELDS:
                field = {"title": name.title(), "type": "text", "perstag": name}
                client.fields.create(field)

    def make_stage(self, title: str) -> None:
        """Give the first pipeline of the simulated account one more stage."""
        with self.client() as client:
            client.stages.create({"title": title, "group": "1"})

    def make_webhook(self, values: dict) -> None:
        """Have the simulated account report to one more address."""
        with self.client() as client:
            client.webhooks.create(values)

    @contextmanager
    def client(self) -> Iterator[ActiveCampaignClient]:
        """A client without limits: it is not the addon that makes these requests."""
        simulator = self.simulator
        simulator.control.limits(enabled=False)
        with ActiveCampaignClient(
            simulator.url, simulator.api_key, allow_local=True
        ) as client:
            yield client
        simulator.control.limits(enabled=True)

    def connect(self, **values: Any) -> str:
        """Make the account, test it, connect it; return what the test said.

        As a person who has logged in there does: the address counts.
        """
        self.server.call(
            "ir.config_parameter", "set_param", "web.base.url", self.server.url
        )
        self.id = self.server.call(
            "ac.odoo.config",
            "create",
            {
                "name": "Simulated account",
                "ac_base_url": self.simulator.url,
                "ac_api_key": self.simulator.api_key,
                **values,
            },
        )
        answer = self.call("test_connection")
        self.call("action_confirm")
        self.wait("the metadata is here", lambda: self.read("metadata_at"))
        return answer["params"]["message"]

    def call(self, method: str) -> Any:
        """Press a button of the account."""
        return self.server.call("ac.odoo.config", method, [self.id])

    def read(self, field: str) -> Any:
        """Read one field of the account."""
        (values,) = self.server.call("ac.odoo.config", "read", [self.id], [field])
        return values[field]

    def write(self, values: dict) -> None:
        """Change fields of the account."""
        self.server.call("ac.odoo.config", "write", [self.id], values)

    def start_run(self, button: str = "action_sync_all") -> int:
        """Press a button that starts a run; return the run's id."""
        return self.call(button)["res_id"]

    def start_orders(self) -> int:
        """Press *Synchronise Orders* and confirm; return the run's id."""
        wizard = self.server.call("ac.orders.start", "create", {"config_id": self.id})
        return self.server.call("ac.orders.start", "action_start", [wizard])["res_id"]

    def run(self, run_id: int) -> dict:
        """Return the progress of a run."""
        (values,) = self.server.call("ac.sync.run", "read", [run_id])
        return values

    def state_of(self, run_id: int) -> str:
        """Return the state of a run, cheaper than its whole progress."""
        (values,) = self.server.call("ac.sync.run", "read", [run_id], ["state"])
        return values["state"]

    def finish(
        self,
        run_id: int,
        seconds: float = 600,
        show: Callable[[dict], None] = lambda run: None,
    ) -> dict:
        """Wait until a run is done and return it; `show` sees it every second."""
        self.wait(
            "the run is done",
            lambda: show(run := self.run(run_id)) or run["state"] == "done",
            seconds,
            pause=1,
        )
        return self.run(run_id)

    def wait(
        self,
        what: str,
        condition: Callable[[], Any],
        seconds: float = 60,
        pause: float = 0.2,
    ) -> None:
        """Wait until `condition()` is true; raise Problem after `seconds`."""
        give_up = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > give_up:
                raise Problem(
                    f"Waited {seconds:.0f} s in vain until {what}.",
                    f"read the server's log: {self.server.log}",
                )
            time.sleep(pause)

    def is_idle(self) -> bool:
        """Whether every link is final."""
        return set(self.states()) <= {"synced", "skipped", "dead"}

    def states(self) -> dict[str, int]:
        """Return how many links are in which state."""
        return dict(self.sql("SELECT state, count(*) FROM ac_binding GROUP BY state"))

    def links(self) -> dict[str, str]:
        """Return `{e-mail: AC id}` of every contact that Odoo calls synchronised."""
        return dict(
            self.sql(
                "SELECT identity, remote_id FROM ac_binding "
                "WHERE state = 'synced' AND object = 'contact'"
            )
        )

    def sql(self, query: str, values: Any = None) -> list[tuple]:
        """Ask the server's database directly; changes are committed."""
        connection = postgres.connect(self.server.database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def differences(self) -> list[str]:
        """Compare both sides, contact by contact; empty when they are equal."""
        theirs = {
            contact["email"]: str(id_)
            for id_, contact in self.simulator.control.state()["contacts"].items()
        }
        ours = self.links()
        odd = sorted(set(ours.items()) ^ set(theirs.items()))
        return [f"{email} is {id_} on one side only" for email, id_ in odd]

    def wrong_links(self) -> set:
        """Return the people that are not linked with their company and job title alike."""
        state = self.simulator.control.state()
        names = {str(id_): each["name"] for id_, each in state["accounts"].items()}
        emails = {str(id_): each["email"] for id_, each in state["contacts"].items()}
        there = {
            (
                emails[str(link["contact"])],
                names[str(link["account"])],
                link["jobTitle"],
            )
            for link in state["accountContacts"].values()
        }
        here = set(
            self.sql(
                """
                SELECT p.email, c.name, COALESCE(p."function", '')
                FROM res_partner p JOIN res_partner c ON c.id = p.parent_id
                WHERE p.email LIKE '%_@example.com'
                """
            )
        )
        return here ^ there

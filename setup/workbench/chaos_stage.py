"""What chaos breaks out on: two nodes, a PostgreSQL of their own, an account."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from simulator.running import RunningSimulator, running_simulator

from . import people, postgres_apart, sales
from .account import Account
from .chaos_people import Person
from .demo_sales import SWITCHES
from .idle import wait_until_idle
from .postgres_apart import ApartPostgres
from .prepare import Workbench
from .server import OdooServer

PEOPLE, ORDERS, NODES = 120, 20, 2
CLOCK = -120
"""Seconds from our clock to the account's in the beginning."""
LINKED = """
SELECT row_number() OVER (ORDER BY p.id)::int, p.id, p.email, b.remote_id
FROM res_partner p JOIN ac_binding b
    ON b.object = 'contact' AND b.res_id = p.id AND b.remote_id > ''
WHERE p.email LIKE 'person%@example.com' ORDER BY p.id
"""
PRODUCTS = "SELECT DISTINCT product_id FROM sale_order_line ORDER BY product_id"


@dataclass
class Stage:
    """Two nodes on one database, and the account that they are connected with."""

    nodes: list[OdooServer]
    postgres: ApartPostgres
    simulator: RunningSimulator
    account: Account
    people: list[Person]
    products: list[int]

    def revive(self) -> int:
        """Start the nodes that have ended, as the system would; how many."""
        ended = [node for node in self.nodes if not node.is_up]
        for node in ended:
            node.start()
        return len(ended)


@contextmanager
def built(bench: Workbench) -> Iterator[Stage]:
    """A stage on which everything is linked and nothing has gone wrong yet."""
    with ExitStack() as stack:
        database = stack.enter_context(bench.fresh_database())
        server = stack.enter_context(postgres_apart.moved(database))
        folder = stack.enter_context(TemporaryDirectory(prefix="ac-chaos-"))
        simulator = stack.enter_context(running_simulator(keep=Path(folder, "account")))
        nodes = [
            stack.enter_context(OdooServer(bench.odoo, database)) for _ in range(NODES)
        ]
        account = Account(nodes[0], simulator)
        _connect(account)
        _listen_everywhere(account, nodes)
        linked = [Person(*row) for row in account.sql(LINKED)]
        products = [row[0] for row in account.sql(PRODUCTS)]
        yield Stage(nodes, server, simulator, account, linked, products)


def _connect(account: Account) -> None:
    """Connect a shop with the account and synchronise it for the first time."""
    call = account.server.call
    account.simulator.control.clock(CLOCK)
    people.fill(account, PEOPLE)
    sales.fill_orders(account, ORDERS)
    call("ir.config_parameter", "set_param", "web.base.url", account.server.url)
    account.make_fields()
    account.make_stage("Proposal")
    # polling finds the opens and clicks whose webhook was lost
    account.connect(poll_mode="always", **SWITCHES)
    account.finish(account.start_run())
    account.call("action_poll")  # what is heard from now on
    wait_until_idle(account)


def _listen_everywhere(account: Account, nodes: list[OdooServer]) -> None:
    """Have the account report to every node: each event reaches all of them."""
    account.call("action_connect_webhook")
    (webhook,) = account.simulator.control.state("webhooks")["webhooks"].values()
    values = {name: webhook[name] for name in ("events", "sources", "listid")}
    for node in nodes[1:]:
        url = webhook["url"].replace(nodes[0].url, node.url)
        account.make_webhook({"name": node.url, "url": url, **values})

"""./setup/demo: partners, products and orders synchronised with ActiveCampaign.

On real parts: an Odoo server with the addon on one side, a simulated ActiveCampaign
account on the other; a look at what each of them holds in the end.
"""

import argparse
import signal
import sys
import time
from contextlib import ExitStack

from simulator.running import RunningSimulator

from . import demo_data, odoo_source, ports, simulator
from .account import Account
from .demo_check import STATE_TAGS, BothSides
from .demo_sales import SWITCHES, Shop
from .demo_sales_check import SalesSides
from .prepare import prepared
from .server import LOGIN, PASSWORD, OdooServer

USUAL_PORT = 8069
SALES_APP = "sale_management"  # the addon needs only `sale`, which has no menus
BATCH = 200


def main(arguments: list[str]) -> int:
    """Show it; 0 when both sides agree."""
    options = _parse(arguments)
    with ExitStack() as stack:
        bench = stack.enter_context(prepared(options.series))
        _tell(bench.summary)
        port = ports.choose(options.port, USUAL_PORT)
        account_port = ports.choose(options.simulator_port, simulator.USUAL_PORT)
        simulated = stack.enter_context(simulator.running(account_port))
        database = stack.enter_context(bench.fresh_database())
        bench.odoo.change_modules(database, "-i", SALES_APP)
        server = stack.enter_context(OdooServer(bench.odoo, database, port))
        agreed = Demo(server, simulated).run()
        if options.serve or (sys.stdin.isatty() and sys.stdout.isatty()):
            _serve(server, simulated)
    return 0 if agreed else 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./setup/demo", description=__doc__)
    parser.add_argument("--series", choices=odoo_source.SERIES, help="Odoo's series")
    parser.add_argument("--port", type=int, help=f"of Odoo (default {USUAL_PORT})")
    parser.add_argument("--simulator-port", type=int, help="of the simulated account")
    parser.add_argument("--serve", action="store_true", help="stay up until Ctrl-C")
    return parser.parse_args(arguments)


class Demo:
    """The steps, in the order of `run`."""

    def __init__(self, server: OdooServer, simulated: RunningSimulator):
        self.simulated = simulated
        self.account = Account(server, simulated)
        self.shop = Shop(self.account)
        self.call = server.call

    def run(self) -> bool:
        """Go through all steps; whether both sides hold the same in the end."""
        started = time.monotonic()
        self.load_sample_data()
        self.connect()
        self.synchronise()
        self.change_in_odoo()
        self.engage_in_activecampaign()
        self.sell()
        return self.compare(time.monotonic() - started)

    def load_sample_data(self) -> None:
        """Companies and people, as a user would have them before installing."""
        names = [{"name": name} for name in demo_data.TAGS]
        tags = self._create("res.partner.category", names)
        companies = self._create("res.partner", demo_data.companies())
        people = self._create("res.partner", demo_data.people(companies, tags))
        _tell(f"Sample data: {len(people)} people in {len(companies)} companies")
        _tell(f"Sample data: {self.shop.fill()}")

    def connect(self) -> None:
        """Make the account's config, test the connection, have events sent here."""
        address = self.account.server.url
        self.call("ir.config_parameter", "set_param", "web.base.url", address)
        self.account.make_stage("Proposal")
        self.account.simulator.control.clear_log()  # what counts are Odoo's requests
        _tell(f"Connection: {self.account.connect(**SWITCHES)}")
        self.account.call("action_connect_webhook")

    def synchronise(self) -> None:
        """Send everything, and show how it goes."""
        self.account.finish(self.account.start_run(), show=_show_progress)

    def change_in_odoo(self) -> None:
        """A new phone number in Odoo, until it is in ActiveCampaign."""
        email, phone = "person7@example.com", "+1 555 7777"
        ids = self.call("res.partner", "search", [("email", "=", email)])
        started = time.monotonic()
        self.call("res.partner", "write", ids, {"phone": phone})

        def arrived() -> bool:
            contacts = self.simulated.control.state()["contacts"].values()
            return any(c["email"] == email and c["phone"] == phone for c in contacts)

        self.account.wait("the change is in ActiveCampaign", arrived)
        _tell(f"Odoo → ActiveCampaign: {phone} in {time.monotonic() - started:.1f} s")

    def engage_in_activecampaign(self) -> None:
        """A mail opened three times and clicked, until it is on the partner's timeline."""
        email, link = "person8@example.com", "https://www.example.com/spring-offer"
        ids = self.call("res.partner", "search", [("email", "=", email)])
        started = time.monotonic()
        for _ in range(3):
            self.simulated.control.act("open", email=email)
            time.sleep(1)  # the account's clock knows no fractions
        self.simulated.control.act("click", email=email, url=link)
        timeline = [("model", "=", "res.partner"), ("res_id", "in", ids)]
        wanted = [[*timeline, ("body", "ilike", text)] for text in (link, "3 times")]

        def arrived() -> bool:
            return all(
                self.call("mail.message", "search_count", w) == 1 for w in wanted
            )

        self.account.wait("opens and click are in Odoo", arrived)
        seconds = time.monotonic() - started
        _tell(f"ActiveCampaign → Odoo: three opens and a click in {seconds:.1f} s")
        self._show_engagement(email)

    def _show_engagement(self, email: str) -> None:
        fields = ["name", "ac_level", "ac_open_count", "ac_click_count"]
        fields += ["ac_last_campaign"]
        (partner,) = self.call(
            "res.partner", "search_read", [("email", "=", email)], fields
        )
        _tell(
            "Engagement: {name} is {ac_level}: {ac_open_count} opens, "
            "{ac_click_count} click, last mail “{ac_last_campaign}”".format(**partner)
        )

    def sell(self) -> None:
        """A quotation confirmed in Odoo, until its deal is won; a product archived."""
        seconds = self.shop.confirm_quotation()
        _tell(f"Odoo → ActiveCampaign: a quotation confirmed, won in {seconds:.1f} s")
        seconds = self.shop.archive_product()
        _tell(f"Odoo → ActiveCampaign: a product archived, hidden in {seconds:.1f} s")
        self.account.wait("nothing is under way", self.account.is_idle)

    def compare(self, seconds: float) -> bool:
        """Print what each side holds; whether it is the same."""
        log, state = self.simulated.control.log(), self.simulated.control.state()
        sides = BothSides(self.account.server, state)
        sales = SalesSides(self.account.server, state, [*sides.links.values()])
        differences = sides.differences() + sales.differences()
        requests = sum(log["statuses"].values())
        rows = [
            ("partners / contacts", len(sides.synced["contact"]), len(sides.contacts)),
            ("companies / accounts", len(sides.synced["account"]), len(sides.accounts)),
            (
                "tags in use",
                len(sides.tags),
                len(_tags(sides.contacts.values()) - STATE_TAGS),
            ),
            *sales.totals(),
            ("requests", requests, f"{log['max_per_second_seen']} in a second at most"),
            ("refused by the rate limit", "", log["statuses"].get("429", 0)),
            ("seconds", round(seconds), ""),
            *(("skipped", number, why) for why, number in sides.skipped.items()),
        ]
        print(f"\n{'':32}{'Odoo':>18}   ActiveCampaign")
        for label, here, there in rows:
            print(f"{label:32}{here:>18}   {there}")
        print("\n".join(["", *differences[:20]]))
        _tell("Both sides agree." if not differences else "The two sides DIFFER.")
        return not differences

    def _create(self, model: str, values: list[dict]) -> list[int]:
        batches = [values[at : at + BATCH] for at in range(0, len(values), BATCH)]
        return [id_ for batch in batches for id_ in self.call(model, "create", batch)]


def _show_progress(run: dict) -> None:
    _tell(
        "{progress:5.1f} % of {total}: {synced} synchronised, {skipped} skipped, "
        "{failed} failed, {rate}/min".format(**run)
    )


def _tags(contacts) -> set[str]:
    return {tag for contact in contacts for tag in contact["tags"]}


def _serve(server: OdooServer, simulated: RunningSimulator) -> None:
    """Print the addresses and stay up until Ctrl-C."""
    print(f"\nOdoo            {server.url}/odoo   login {LOGIN}, password {PASSWORD}")
    print(f"ActiveCampaign  {simulated.url}   (simulated; API key {simulated.api_key})")
    print("Ctrl-C ends both.", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print()


def _tell(text: str) -> None:
    print(text, flush=True)

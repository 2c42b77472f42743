"""Scenario about changes on both sides: each is told once, and nothing comes back."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from . import bench_contacts
from .account import Account
from .prepare import Workbench

PEOPLE = 1_000
"""Half of them are changed in Odoo, the others on the account's page."""
PAUSE = 0.3
"""Seconds between two changes: one after the other, as people make them."""
CONTACT = re.compile(r"/contacts/(\d+)$")
BUSY = "SELECT 1 FROM ac_event WHERE state IN ('new', 'applying')"
LINKS = """
SELECT b.remote_id, p.email, p.phone FROM ac_binding b
JOIN res_partner p ON p.id = b.res_id WHERE b.object = 'contact' AND b.remote_id > ''
"""


def echo(bench: Workbench) -> dict[str, float]:
    """500 changes in Odoo and 500 in the account, at the same time, one by one."""
    with bench_contacts.connected(bench, PEOPLE) as account:
        account.finish(account.start_run())
        _listen(account)
        links = account.sql(LINKS)[:PEOPLE]
        ours, theirs = links[: len(links) // 2], links[len(links) // 2 :]
        batches = set(_imports(account))
        account.simulator.control.clear_log()
        started = time.monotonic()
        with ThreadPoolExecutor(2) as pool:
            done = [pool.submit(_in_odoo, account, ours)]
            done.append(pool.submit(_over_there, account, theirs))
            for each in done:
                each.result()
        _settle(account)
        writes = _writes_by_contact(account, batches)
        return {
            "seconds": time.monotonic() - started,
            "changes": len(links),
            "writes_per_change_in_odoo": _mean(writes, ours),
            "writes_per_change_over_there": _mean(writes, theirs),
            "events": account.sql("SELECT count(*) FROM ac_event")[0][0],
            "requests": len(account.simulator.control.log()["entries"]),
            "wrong": _wrong(account),
        }


def _listen(account: Account) -> None:
    """Have the account report its changes to the server."""
    url = account.server.url
    account.server.call("ir.config_parameter", "set_param", "web.base.url", url)
    account.call("action_connect_webhook")
    _settle(account)


def _settle(account: Account) -> None:
    """Wait until nothing is on its way: no delivery, no event, no job."""
    for _round in range(2):
        account.simulator.control.deliveries()
        account.wait("no event waits", lambda: not account.sql(BUSY), 300)
        bench_contacts.wait_until_idle(account)


def _in_odoo(account: Account, links: list[tuple]) -> None:
    call = account.server.call
    for number, (_contact, email, _phone) in enumerate(links):
        ids = call("res.partner", "search", [("email", "=", email)])
        call("res.partner", "write", ids, {"phone": f"+32 2 777 {number:05}"})
        time.sleep(PAUSE)


def _over_there(account: Account, links: list[tuple]) -> None:
    for number, (contact, _email, _phone) in enumerate(links):
        phone = f"+32 2 888 {number:05}"
        account.simulator.control.act("edit", contact=contact, phone=phone)
        time.sleep(PAUSE)


def _imports(account: Account) -> dict[str, dict]:
    return account.simulator.control.state("imports")["imports"]


def _writes_by_contact(account: Account, batches: set[str]) -> Counter:
    """How often each contact was written, alone or as a row of an import.

    :param batches: imports that were there before
    """
    paths = [
        CONTACT.search(entry["path"])
        for entry in account.simulator.control.log()["entries"]
        if entry["method"] != "GET"
    ]
    writes = Counter(path[1] for path in paths if path)
    writes["elsewhere"] = sum(not path for path in paths)
    for key, batch in _imports(account).items():
        if key not in batches:
            writes.update(map(str, batch["success"]))
            writes["elsewhere"] -= 1
    return writes


def _mean(writes: Counter, links: list[tuple]) -> float:
    """Writes per change; what is about no single contact counts for everybody."""
    own = sum(writes[contact] for contact, _email, _phone in links)
    return (own + writes["elsewhere"]) / len(links)


def _wrong(account: Account) -> int:
    """Contacts that do not hold what their partners hold."""
    contacts = account.simulator.control.state("contacts")["contacts"]
    there = {(id_, c["email"], c["phone"]) for id_, c in contacts.items()}
    return len(there ^ set(account.sql(LINKS)))

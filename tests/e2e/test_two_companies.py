"""Two companies with an account each: nothing of one reaches the other.

Both simulated accounts number their contacts from 1, so what is mixed up shows.
User requirement 36.
"""

import xmlrpc.client

import pytest
import requests

from simulator.running import running_simulator
from workbench.account import Account

TOKEN = "token-of-company-{}-0123456789"
PASSWORD = "password-of-a-clerk"


@pytest.fixture(scope="module")
def companies(odoo_server):
    """`{name: Account}` of two connected accounts, each with its company's partners."""
    call = odoo_server.call
    call("ir.config_parameter", "set_param", "web.base.url", odoo_server.url)
    with running_simulator() as one, running_simulator() as two:
        accounts = {
            "North": Account(odoo_server, one),
            "South": Account(odoo_server, two),
        }
        for name, account in accounts.items():
            account.company = call("res.company", "create", {"name": name})
            account.connect(
                name=name,
                company_id=account.company,
                ac_webhook_token=TOKEN.format(name),
            )
            account.call("action_connect_webhook")
        call("res.partner", "create", partners(accounts))
        for account in accounts.values():
            account.wait(
                "its company and contacts are there", lambda a=account: arrived(a, 4)
            )
        yield accounts


def partners(accounts):
    """A customer and two people of each company, and somebody whom both share."""
    values = [{"name": "Shared", "email": "shared@example.com"}]
    for name, account in accounts.items():
        company = {"company_id": account.company}
        values += [
            {"name": f"{name} {n}", "email": f"{name.lower()}{n}@example.com"} | company
            for n in (1, 2)
        ]
        values.append({"name": f"{name} Works", "is_company": True} | company)
    return values


def emails(account):
    contacts = account.simulator.control.state("contacts")["contacts"]
    return sorted(contact["email"] for contact in contacts.values())


def arrived(account, count):
    """Whether so many records are linked; the company's own partner has no e-mail."""
    rows = account.sql(
        "SELECT count(*) FROM ac_binding WHERE config_id = %s AND state = 'synced'",
        [account.id],
    )
    return rows == [(count,)]


def noted(account, email):
    """Return what was noted on the timeline of the partner with an e-mail."""
    ids = account.server.call("res.partner", "search", [("email", "=", email)])
    about = [("model", "=", "res.partner"), ("res_id", "in", ids)]
    messages = account.server.call("mail.message", "search_read", about, ["body"])
    return [m["body"] for m in messages if "example.com/offer" in m["body"]]


def as_clerk(account, model, method, *arguments):
    """Call a method as somebody who works for the account's company only."""
    server, login = account.server, f"clerk{account.company}"
    address = f"{server.url}/xmlrpc/2/common"
    with xmlrpc.client.ServerProxy(address) as proxy:
        user = proxy.authenticate(server.database, login, PASSWORD, {})
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as proxy:
        return proxy.execute_kw(
            server.database, user, PASSWORD, model, method, arguments
        )


@pytest.fixture(scope="module")
def clerks(companies, odoo_server):
    """A user for each company, who may read everything that the connector shows."""
    call = odoo_server.call
    (group,) = call(
        "ir.model.data",
        "search_read",
        [("module", "=", "ac_odoo_connector"), ("name", "=", "group_operator")],
        ["res_id"],
    )
    known = call("res.users", "fields_get", ["groups_id", "group_ids"])
    for account in companies.values():
        values = {
            "name": f"Clerk {account.company}",
            "login": f"clerk{account.company}",
            "password": PASSWORD,
            "company_id": account.company,
            "company_ids": [(6, 0, [account.company])],
            next(iter(known)): [(4, group["res_id"])],
        }
        call("res.users", "create", values)


def test_records_go_to_the_account_of_their_company_only(companies):
    assert emails(companies["North"]) == [
        *("north1@example.com", "north2@example.com", "shared@example.com")
    ]
    assert emails(companies["South"]) == [
        *("shared@example.com", "south1@example.com", "south2@example.com")
    ]


def test_companies_go_to_the_account_of_their_company_only(companies):
    for name, account in companies.items():
        accounts = account.simulator.control.state("accounts")["accounts"].values()
        assert [each["name"] for each in accounts] == [f"{name} Works"]


def test_a_run_of_one_company_stays_there(companies):
    for account in companies.values():
        account.simulator.control.clear_log()
    north = companies["North"]
    north.server.call(
        "res.partner",
        "create",
        {"name": "Late", "email": "late@example.com", "company_id": north.company},
    )
    north.finish(north.start_run())
    assert "late@example.com" in emails(north)
    entries = companies["South"].simulator.control.log()["entries"]
    assert {entry["method"] for entry in entries} <= {"GET"}  # polling asks, at most


@pytest.mark.parametrize("here", ["North", "South"])
def test_a_click_ends_on_the_partner_of_its_own_company(companies, here):
    """Contact 1 exists in both accounts and is somebody else in each."""
    account = companies[here]
    email = f"{here.lower()}2@example.com"
    url = f"https://example.com/offer/{here}"
    account.simulator.control.act("click", email=email, url=url)
    account.wait("the click is noted", lambda: noted(account, email))
    people = [f"{name.lower()}{n}@example.com" for name in companies for n in (1, 2)]
    others = [noted(account, other) for other in people if other != email]
    assert not any(url in body for bodies in others for body in bodies)
    rows = account.sql(
        "SELECT config_id, company_id FROM ac_event WHERE payload::text LIKE %s",
        [f"%{url}%"],
    )
    assert rows == [(account.id, account.company)]


def test_the_token_decides_whose_event_it_is(companies):
    north, south = companies["North"], companies["South"]
    event = {"type": "open", "contact[id]": "1", "contact[email]": "x@example.com"}
    address = f"{north.server.url}/ac/webhook/open"
    headers = {"X-AC-Webhook-Token": TOKEN.format("South")}
    assert requests.post(address, event, headers=headers, timeout=60).ok
    rows = north.sql(
        "SELECT config_id FROM ac_event WHERE payload->'contact'->>'email' = %s",
        ["x@example.com"],
    )
    assert rows == [(south.id,)]


def test_the_people_of_one_company_see_nothing_of_the_other(companies, clerks):
    for name, account in companies.items():
        configs = as_clerk(account, "ac.odoo.config", "search_read", [], ["name"])
        assert [config["name"] for config in configs] == [name]
        for model in ("ac.binding", "ac.event", "ac.sync.run", "ac.metadata"):
            rows = as_clerk(account, model, "search_read", [], ["config_id"])
            assert {row["config_id"][1] for row in rows} <= {name}
        seen = as_clerk(account, "ac.binding", "search_read", [], ["identity"])
        assert {row["identity"] for row in seen} >= set(emails(account))


def test_a_company_whose_account_is_down_stops_nobody_else(companies):
    north, south = companies["North"], companies["South"]
    north.simulator.control.faults({"kind": "drop"})
    values = [
        {"name": name, "email": f"during{name}@example.com", "company_id": a.company}
        for name, a in companies.items()
    ]
    north.server.call("res.partner", "create", values)
    south.wait("it is there", lambda: "duringsouth@example.com" in emails(south))
    assert "duringnorth@example.com" not in emails(north)
    north.simulator.control.clear_faults()

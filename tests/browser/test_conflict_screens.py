"""Conflicts by clicking: the partner, the list, the form, the account's page.

The tests build on each other.
"""

import os

import pytest

from workbench.account import Account

ACCOUNTS = "action-ac_odoo_connector.action_ac_odoo_config"
CONFLICTS = "action-ac_odoo_connector.action_ac_conflict"
SUPPRESSIONS = "action-ac_odoo_connector.action_ac_suppression"
PEOPLE = ["mary1", "mary2"]


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account and two people whose phones both sides have changed."""
    simulator_for_session.control.reset()
    people = [
        {"name": name.title(), "email": f"{name}@example.com", "phone": "+1 555 0100"}
        for name in PEOPLE
    ]
    account = Account(odoo_server, simulator_for_session)
    odoo_server.call(
        "ir.config_parameter", "set_param", "web.base.url", odoo_server.url
    )
    account.connect(
        name="Our shop",
        partner_domain="[('email', '=like', 'mary%@example.com')]",
    )
    partners = odoo_server.call("res.partner", "create", people)
    account.wait("they are there", lambda: len(account.links()) == len(PEOPLE))
    account.call("action_connect_webhook")
    both_change(account, partners)
    return account


def both_change(account, partners):
    """Odoo's change is made while nothing is sent, so neither side hears the other."""
    account.write({"state": "draft"})
    for partner in partners:
        values = {"phone": "+1 555 0101"}
        account.server.call("res.partner", "write", [partner], values)
    account.write({"state": "confirmed"})
    for name in PEOPLE:
        email = f"{name}@example.com"
        account.simulator.control.act("edit", email=email, phone="+1 555 0102")
    open_ = [("state", "=", "open")]
    account.wait(
        "both wait for a choice",
        lambda: account.server.call("ac.conflict", "search_count", open_) == 2,
    )


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.screenshot(path=f"{folder}/conflict_{name}.png")


def phone(odoo_server, name):
    (row,) = odoo_server.call(
        "res.partner", "search_read", [("email", "=", f"{name}@example.com")], ["phone"]
    )
    return row["phone"]


def test_the_partner_says_that_something_waits(screen, odoo_server, account):
    (id_,) = odoo_server.call(
        "res.partner", "search", [("email", "=", "mary1@example.com")]
    )
    screen.goto(f"{odoo_server.url}/odoo/contacts/{id_}")
    button = screen.locator("button[name=action_ac_conflicts]").first
    button.wait_for()
    look(screen, "partner")
    button.click()
    screen.locator(".o_list_view .o_data_row").wait_for()


def test_a_conflict_is_decided_on_its_form(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{CONFLICTS}")
    row = screen.locator(".o_data_row", has_text="Mary1")
    row.wait_for()
    look(screen, "list")
    row.locator("[name=label]").click()
    screen.locator(".o_form_view .alert-info").wait_for()
    look(screen, "form")
    screen.locator("button[name=action_take_ac]").click()
    chosen = screen.locator(".o_form_view", has_text="ActiveCampaign's Taken")
    chosen.wait_for()
    screen.locator("div[name=resolved_by_id]").wait_for()
    look(screen, "decided")
    assert phone(odoo_server, "mary1") == "+1 555 0102"


def test_a_conflict_is_decided_in_the_list(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{CONFLICTS}")
    row = screen.locator(".o_data_row", has_text="Mary2")
    row.locator("button[name=action_keep_odoo]").click()
    screen.locator(".o_view_nocontent", has_text="Both sides agree").wait_for()
    look(screen, "none")

    def told():
        contacts = account.simulator.control.state("contacts")["contacts"].values()
        return {"+1 555 0101", "+1 555 0102"} == {c["phone"] for c in contacts}

    account.wait("Odoo's is told", told)


def test_the_account_says_who_owns_what(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACCOUNTS}/{account.id}")
    screen.locator(".o_notebook_headers a", has_text="Pull").click()
    group = screen.locator("div[name=conflict_policy]")
    group.wait_for()
    group.scroll_into_view_if_needed()
    look(screen, "account")
    # 18.0 draws a choice as a select, 19.0 as an input
    assert screen.locator("div[name=pull_email] :is(select, input)").input_value()


def test_what_activecampaign_has_set_is_listed(screen, odoo_server, account):
    control = account.simulator.control
    control.act("bounce", email="mary1@example.com")
    rows = [("email", "=", "mary1@example.com")]
    account.wait(
        "it is blacklisted",
        lambda: odoo_server.call("ac.suppression", "search_count", rows),
    )
    screen.goto(f"{odoo_server.url}/odoo/{SUPPRESSIONS}")
    screen.locator(".o_data_row", has_text="Hard bounce").wait_for()
    look(screen, "set")


def test_a_mapping_says_what_cannot_come_back(screen, odoo_server, account):
    (id_,) = odoo_server.call(
        "ac.field.mapping", "search", [("ac_field", "=", "COMPANY")]
    )
    odoo_server.call("ac.field.mapping", "write", [id_], {"direction": "both"})
    mappings = "action-ac_odoo_connector.action_ac_field_mapping"
    screen.goto(f"{odoo_server.url}/odoo/{mappings}/{id_}")
    screen.locator("div[name=pull_problem]", has_text="computes").wait_for()
    look(screen, "mapping")
    odoo_server.call("ac.field.mapping", "write", [id_], {"direction": "to_ac"})

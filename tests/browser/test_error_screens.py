"""The errors as a list, a form, a graph and a pivot, and the way from a record there.

With AC_PICTURES=<folder> it writes errors.png and error.png, the pictures of the
description.
"""

import os
import re

import pytest
from playwright.sync_api import expect

from workbench.account import Account

ACTION = "action-ac_odoo_connector.action_ac"
PEOPLE = ["Ada Lovelace", "Grace Hopper", "Edsger Dijkstra"]


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """An account that has refused three people, one of them for good; one event that
    could not be applied, and an outage that is over."""
    control = simulator_for_session.control
    control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our shop")
    invalid = {"status": 422, "title": "Phone number is not valid."}
    control.faults({"kind": "status", "path": "contact/sync", **invalid})
    values = [
        {"name": name, "email": f"{name.split()[0].lower()}@example.com", "phone": "1"}
        for name in PEOPLE
    ]
    odoo_server.call("res.partner", "create", values)
    count = "SELECT 1 FROM ac_error_log WHERE res_model = 'res.partner'"
    account.wait("all were refused", lambda: len(account.sql(count)) == len(PEOPLE))
    control.clear_faults()
    account.sql(
        "UPDATE ac_binding SET next_try_at = now() + INTERVAL '1 day' "
        "WHERE state = 'failed'"
    )
    account.sql(
        "UPDATE ac_error_log SET state = 'dead', tries = 5, count = 5, "
        "code = 'field_invalid' "
        "WHERE record_name = 'Edsger Dijkstra'"
    )
    account.sql(OTHERS, (account.id,))
    return account


OTHERS = """
INSERT INTO ac_error_log (config_id, direction, operation, message, hint, state, count,
    status, first_seen, last_seen)
SELECT %s, direction, operation, message, hint, state, count, status,
    now() AT TIME ZONE 'UTC' - INTERVAL '2 hours',
    now() AT TIME ZONE 'UTC' - INTERVAL '1 hour'
FROM (VALUES
    ('push', 'Send what was saved', 'ActiveCampaign could not be reached',
        'Nothing at first: it is tried again by itself.', 'solved', 14, 0),
    ('pull', 'Apply: update', 'The database refused the change: the name is too long',
        'Correct what it names, in Odoo or in ActiveCampaign; then Retry.', 'open', 2, 0))
    AS v(direction, operation, message, hint, state, count, status)
"""


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/{name}.png")


def open_list(screen, odoo_server):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_error_log")
    screen.locator(".o_data_row").first.wait_for()


def test_the_list_tells_record_reason_and_way_out(screen, odoo_server, account):
    open_list(screen, odoo_server)
    shown = screen.locator(".o_list_table").inner_text()
    for text in (
        *PEOPLE,
        "does not accept the values",
        "Correct the value",
        "Given Up",
    ):
        assert text in shown
    assert "could not be reached" not in shown
    look(screen, "errors")


def test_one_entry_tells_everything(screen, odoo_server, account):
    open_list(screen, odoo_server)
    row = screen.locator(".o_data_row", has_text="Grace Hopper")
    row.locator("td[name=message]").click()
    form = screen.locator(".o_form_view")
    form.locator(".alert", has_text="What to do:").wait_for()
    shown = form.inner_text()
    for text in ("Grace Hopper", "To ActiveCampaign", "Send: Contact", "422"):
        assert text in shown
    form.locator(".o_notebook_headers a", has_text="Content, Masked").click()
    payload = form.locator("div[name=payload]")
    payload.wait_for()
    assert "xxxxx@xxxxxxx.xxx" in payload.inner_text()
    assert "grace@" not in screen.content()
    look(screen, "error")


@pytest.mark.parametrize("view", ["graph", "pivot"])
def test_errors_are_counted(screen, odoo_server, account, view):
    open_list(screen, odoo_server)
    screen.locator(f".o_switch_view.o_{view}").click()
    screen.locator(f".o_{view}_view canvas, .o_{view}_view table").first.wait_for()
    expect(screen.locator(".o_error_dialog")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Operation", r"Send: Contact"),
        ("ActiveCampaign Code", r"field_invalid"),
    ],
)
def test_errors_are_grouped(screen, odoo_server, account, name, group):
    open_list(screen, odoo_server)
    screen.locator(".o_searchview_dropdown_toggler").click()
    menu = screen.locator(".o_group_by_menu")
    menu.get_by_role("menuitemcheckbox", name=name, exact=True).click()
    screen.locator(".o_group_header", has_text=re.compile(group)).first.wait_for()


def test_errors_are_grouped_by_day(screen, odoo_server, account):
    open_list(screen, odoo_server)
    screen.locator(".o_searchview_dropdown_toggler").click()
    menu = screen.locator(".o_group_by_menu")
    menu.locator(".o_accordion_toggle").get_by_text("Day", exact=True).click()
    menu.locator(".o_accordion_values .o_item_option", has_text="Day").click()
    day = re.compile(r"\d{1,2} \w{3} \d{4}")
    screen.locator(".o_group_header", has_text=day).first.wait_for()


def test_a_partner_leads_to_its_errors_and_back(screen, odoo_server, account):
    domain = [("name", "=", "Ada Lovelace")]
    (id_,) = odoo_server.call("res.partner", "search", domain)
    screen.goto(f"{odoo_server.url}/odoo/contacts/{id_}")
    button = screen.locator("button[name=action_ac_errors]")
    button.wait_for()
    assert "1" in button.inner_text()
    button.click()
    row = screen.locator(".o_data_row", has_text="Ada Lovelace")
    row.locator("button[name=action_open_record]").click()
    screen.locator(".o_last_breadcrumb_item, .o_breadcrumb .active").filter(
        has_text="Ada Lovelace"
    ).wait_for()


def test_retry_solves(screen, odoo_server, account):
    open_list(screen, odoo_server)
    row = screen.locator(".o_data_row", has_text="Ada Lovelace")
    row.locator(".o_list_record_selector input").check()
    screen.locator("button[name=action_retry]:visible").click()
    screen.locator(".o_notification", has_text="repeated").wait_for()
    state = "SELECT state FROM ac_error_log WHERE record_name = 'Ada Lovelace'"
    account.wait("it is solved", lambda: account.sql(state) == [("solved",)])


def test_retry_all_takes_the_rest(screen, odoo_server, account):
    open_list(screen, odoo_server)
    screen.locator("button[name=action_retry_all]:visible").click()
    screen.locator(".modal-footer .btn-primary").click()
    names = "SELECT record_name FROM ac_error_log WHERE state = 'solved'"
    account.wait(
        "all are solved",
        lambda: {name for (name,) in account.sql(names)} >= set(PEOPLE),
    )


def test_days_are_on_a_page_of_their_own(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ACTION}_odoo_config/{account.id}")
    screen.locator(".o_notebook_headers a", has_text="Retention").click()
    days = screen.locator("div[name=log_days] input")
    days.wait_for()
    look(screen, "retention")
    days.fill("0")
    screen.locator(".o_form_button_save").click()
    screen.locator(".modal-body, .o_notification", has_text="between a day").wait_for()

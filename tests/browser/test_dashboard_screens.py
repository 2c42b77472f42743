"""The dashboard and the alerts: numbers that open their lists, and who is told.

With AC_PICTURES pictures of the screens are kept; `dashboard.png` is that of the
description (static/description/dashboard.png).
"""

import os
import re

import pytest
from playwright.sync_api import expect

from workbench.account import Account

BOARD = "action-ac_odoo_connector.action_ac_dashboard"
ALERTS = "action-ac_odoo_connector.action_ac_alert"
PEOPLE = 60
PLACES = ("Ghent", "Turin", "Lyon", "Porto")
# A day as it may have been: the charts are empty in a database of one minute.
HISTORY = """
INSERT INTO ac_api_usage (config_id, minute, kind, calls, errors, failures, forgiven,
    total_ms, max_ms, buckets)
SELECT %(id)s, date_trunc('minute', now() AT TIME ZONE 'UTC') - n * INTERVAL '7 min',
    'contacts', calls, calls / 40, 0, 0, calls * (120 + 90 * abs(sin(n / 9.0)))::int,
    900, jsonb_build_array(0, calls / 2, calls / 3, calls / 8, 0, 0,
        calls - calls / 2 - calls / 3 - calls / 8, 0, 0, 0, 0, 0, 0, 0)
FROM (SELECT n, (30 + 140 * abs(sin(n / 37.0)))::int AS calls
    FROM generate_series(1, 200) n) each
ON CONFLICT DO NOTHING;
INSERT INTO ac_backlog (config_id, at, waiting, age)
SELECT %(id)s, now() AT TIME ZONE 'UTC' - n * INTERVAL '5 min',
    (40 * abs(sin(n / 23.0)) + 9 * abs(sin(n)))::int, 30
FROM generate_series(0, 280) n;
INSERT INTO ac_event (config_id, type, source, key, state, tries, create_date)
SELECT %(id)s, 'open', CASE WHEN n %% 5 = 0 THEN 'poll' ELSE 'webhook' END,
    'history ' || n, 'done', 0,
    now() AT TIME ZONE 'UTC' - (3.4 * n + 60 * sin(n / 30.0)) * INTERVAL '1 min'
FROM generate_series(1, 400) n;
UPDATE ac_binding SET priority = 0,
    marked_at = synced_at - (1 + 2 * abs(sin(id))) * INTERVAL '1 second'
WHERE state = 'synced' AND config_id = %(id)s;
"""


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account after a run, with a refused, a skipped and a failed record."""
    control = simulator_for_session.control
    control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.make_fields()
    people = [
        {
            "name": f"Person {n}",
            "email": f"person{n}@example.com",
            "city": PLACES[n % len(PLACES)],
        }
        for n in range(PEOPLE)
    ]
    companies = [{"name": f"Company {n}", "is_company": True} for n in range(8)]
    odoo_server.call(
        "res.partner", "create", [*people, *companies, {"name": "Nobody Reachable"}]
    )
    account.connect(name="Our shop", poll_mode="off", reconcile_nightly=False)
    run = account.start_run()
    account.finish(run)
    refuse_one(account, control)
    account.sql(HISTORY, {"id": account.id})
    return account


def refuse_one(account, control):
    """Have ActiveCampaign refuse one person for good."""
    control.faults({"kind": "status", "status": 422, "path": "contact"})
    bad = {"name": "Refused Person", "email": "refused@example.com"}
    account.server.call("res.partner", "create", bad)
    failed = "SELECT 1 FROM ac_binding WHERE identity = 'refused@example.com' AND %s"
    account.wait("it is refused", lambda: account.sql(failed % "state = 'failed'"))
    account.sql("UPDATE ac_binding SET state = 'dead' WHERE state = 'failed'")
    control.clear_faults()


@pytest.fixture
def board(screen, odoo_server, account):
    """The dashboard of the account."""
    screen.set_viewport_size({"width": 1600, "height": 860})
    screen.goto(f"{odoo_server.url}/odoo/{BOARD}")
    screen.locator(".o_ac_board").wait_for()
    return screen


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/{name}.png")


def tile(page, name):
    return page.locator(f".o_ac_tile[data-tile={name}]")


def figures(page, name):
    """Return the numbers below the large one of a tile."""
    return tile(page, name).locator(".o_ac_lines_of a")


def whole(text):
    """Return the number that a text starts with."""
    return int(re.sub(r"\D", "", text))


def count(account, condition):
    ((number,),) = account.sql(f"SELECT count(*) FROM ac_binding WHERE {condition}")
    return number


def test_the_app_opens_on_it(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo")
    screen.click(".o_navbar_apps_menu button")
    screen.click(".o-dropdown--menu a:has-text('ActiveCampaign')")
    screen.locator(".o_ac_board").wait_for()


def test_numbers_are_those_of_sql(board, account):
    """User requirement 35, as a person sees it."""
    shown = [whole(each) for each in figures(board, "records").all_inner_texts()]
    expected = [
        count(account, condition)
        for condition in ("state = 'synced'", "state = 'dead'", "state = 'skipped'")
    ]
    assert shown == expected
    assert expected[1:] != [0, 0]
    contacts = board.locator("[data-object=contact] [data-state=synced] a")
    held = account.simulator.control.counts()["contacts"]
    assert whole(contacts.inner_text()) == held
    for chart in ("requests", "times", "events", "backlog"):
        box = board.locator(f"[data-chart={chart}]")
        expect(box.locator(".o_ac_chart_empty")).to_have_count(0)
    look(board, "dashboard")


def test_a_number_opens_its_list_and_the_way_back(board, account):
    figures(board, "records").nth(1).click()
    board.locator(".o_list_view .o_data_row", has_text="Refused Person").wait_for()
    expect(board.locator(".o_data_row")).to_have_count(count(account, "state = 'dead'"))
    board.locator(".o_breadcrumb a", has_text="Dashboard").click()
    board.locator("button", has_text="Last Hour").click()
    board.locator("button.active", has_text="Last Hour").wait_for()
    figures(board, "requests").first.click()
    board.locator(".o_list_view .o_data_row").first.wait_for()
    board.go_back()
    board.locator(".o_ac_board").wait_for()


def test_a_bar_opens_what_it_counts(board, account):
    board.evaluate(
        """() => {
            const canvas = document.querySelector("[data-chart=events] canvas");
            const chart = Chart.getChart(canvas);
            const {x, y} = chart.getDatasetMeta(0).data.at(-3);
            window.at = {x, y: Math.min(y + 2, canvas.clientHeight - 30)};
            window.counts = chart.data.datasets.map(({data}) => data.at(-3));
        }"""
    )
    place, counts = board.evaluate("[window.at, window.counts]")
    assert counts[0] and counts[1], "two kinds, and one of them is listed"
    board.locator("[data-chart=events] canvas").click(position=place)
    expect(board.locator(".o_data_row")).to_have_count(counts[0])
    expect(board.locator(".o_breadcrumb")).to_contain_text("Events Heard")


def test_refresh_takes_no_reload(board, odoo_server, account):
    board.evaluate("window.stays = true")
    before = whole(figures(board, "records").first.inner_text())
    new = {"name": "New Person", "email": f"new{before}@example.com"}
    odoo_server.call("res.partner", "create", new)
    account.wait("it is linked", lambda: f"new{before}@example.com" in account.links())
    board.click(".o_ac_refresh")
    first = figures(board, "records").first
    expect(first).to_have_text(str(before + 1))
    assert board.evaluate("window.stays")


def test_what_is_wrong_stands_on_top(board, odoo_server, account):
    account.write(
        {"webhook_problem": "The webhook needs repair: it is limited to one list."}
    )
    account.call("action_check_alerts")
    board.click(".o_ac_refresh")
    board.locator(".o_ac_alerts", has_text="Our shop: Webhook silent").wait_for()
    look(board, "dashboard_alert")
    board.locator(".o_ac_alerts a").first.click()
    board.get_by_text("press “Repair Webhook”").first.wait_for()
    look(board, "alert_form")
    board.goto(f"{odoo_server.url}/odoo/{ALERTS}")
    board.locator(".o_data_row", has_text="Webhook silent").wait_for()
    look(board, "alerts")


def test_settings_of_alerts(board, odoo_server, account):
    board.goto(f"{odoo_server.url}/odoo/ac.odoo.config/{account.id}")
    board.locator(".o_notebook_headers a", has_text="Alerts").click()
    board.locator("div[name=alert_failures] input").fill("0")
    look(board, "alert_settings")
    board.click(".o_form_button_save")
    dialog = board.locator(".modal-dialog", has_text="has to be 1 or more")
    dialog.wait_for()
    dialog.locator("button", has_text=re.compile("Close|Stay|Ok")).first.click()
    board.click(".o_form_button_cancel")
    board.locator("button[name=action_view_dashboard]").click()
    board.locator(".o_ac_board").wait_for()


def test_another_account_is_chosen(board, odoo_server, account):
    other = odoo_server.call(
        "ac.odoo.config",
        "create",
        {"name": "Second shop", "ac_base_url": "https://second.api-us1.com"},
    )
    board.click(".o_ac_refresh")
    board.select_option("select.o_ac_account", label="Second shop")
    board.get_by_text("This account is not connected").wait_for()
    odoo_server.call("ac.odoo.config", "unlink", [other])


def test_without_an_account_it_says_what_to_do(screen, odoo_server, account):
    account.write({"active": False})
    screen.goto(f"{odoo_server.url}/odoo/{BOARD}")
    screen.get_by_text("No account yet").wait_for()
    account.write({"active": True})

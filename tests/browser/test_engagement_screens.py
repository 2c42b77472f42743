"""What a salesperson sees of a partner's engagement: form, timeline, list.

With AC_PICTURES pictures of the screens are kept; `engagement_form.png` is that of the
description (static/description/engagement.png).
"""

import os
from datetime import datetime, timedelta, timezone

import pytest
import requests
from playwright.sync_api import expect

from workbench.account import Account

MAILS = ["Spring collection", "Your invitation to the fair", "Ten ideas for June"]
PEOPLE = {  # name: days ago of opens, of clicks
    "Ada Lovelace": ([1, 2, 9, 16, 17, 30, 44, 45, 61, 75, 83], [2, 16, 45]),
    "Grace Hopper": ([20, 41, 66], []),
    "Katherine Johnson": ([40, 52], [52]),
    "Mary Somerville": ([120, 130], []),
}
TOKEN = "token-of-these-tests-0123456789"
ENGAGEMENT = "action-ac_odoo_connector.action_ac_engagement"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account that has told of four people for some months."""
    simulator_for_session.control.reset()
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our shop", sync_accounts=False, ac_webhook_token=TOKEN)
    company = {"name": "Analytical Engines", "is_company": True}
    company_id = odoo_server.call("res.partner", "create", company)
    people = [
        {
            "name": name,
            "email": f"{name.split()[0].lower()}@example.com",
            "parent_id": company_id,
            "function": "Mathematician",
            "phone": f"+32 2 555 01 0{number}",
        }
        for number, name in enumerate([*PEOPLE, "Nobody Yet"])
    ]
    odoo_server.call("res.partner", "create", people)
    account.wait("all are linked", lambda: len(account.links()) == len(people))
    tell_history(account)
    return account


def tell_history(account):
    """Store what happened as the webhook does, and wait until it is applied."""
    links = account.links()
    now = datetime.now(timezone.utc)
    events = [
        (days, type_, links[f"{name.split()[0].lower()}@example.com"])
        for name, moments in PEOPLE.items()
        for type_, each in zip(("open", "click"), moments, strict=True)
        for days in each
    ]
    events += [
        (9 - minutes / 1440, "open", links["ada@example.com"]) for minutes in (5, 9)
    ]
    for days, type_, contact in sorted(events, reverse=True):
        mail = MAILS[int(days) // 25 % 3]
        at = now - timedelta(days=days, hours=1)
        form = {
            "type": type_,
            "date_time": at.isoformat(timespec="seconds"),
            "contact[id]": contact,
            "campaign[id]": str(len(mail)),
            "campaign[name]": f"{mail} 2026",
            "campaign[webcopy_url]": "https://example.com/webcopy",
            "campaign[message][subject]": mail,
            "link[url]": "https://www.example.com/fair/ticket",
        }
        headers = {"X-AC-Webhook-Token": TOKEN}
        url = f"{account.server.url}/ac/webhook/{type_}"
        requests.post(url, data=form, headers=headers, timeout=60).raise_for_status()
    done = (
        f"SELECT 1 FROM ac_event WHERE state = 'done' HAVING count(*) = {len(events)}"
    )
    account.wait("the events are applied", lambda: account.sql(done))


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/engagement_{name}.png")


def open_partner(screen, odoo_server, name):
    (id_,) = odoo_server.call("res.partner", "search", [("name", "=", name)])
    screen.goto(f"{odoo_server.url}/odoo/contacts/{id_}")
    screen.locator(".o_notebook_headers a", has_text="ActiveCampaign").click()
    return id_


def test_form_shows_who_is_hot(screen, odoo_server, account):
    screen.set_viewport_size({"width": 1640, "height": 840})
    open_partner(screen, odoo_server, "Ada Lovelace")
    block = screen.locator(".o_ac_engagement")
    block.wait_for()
    screen.locator(".o-mail-Message").first.wait_for()
    look(screen, "form")
    assert "Hot" in screen.locator("button[name=action_ac_events]").inner_text()
    shown = block.inner_text()
    for text in ("Hot", "Last engaged", "Opens", "Clicks", "Today"):
        assert text in shown
    assert block.locator("rect.o_ac_opens").count() >= 11
    assert "clicked" in block.locator("title").first.text_content()


def test_timeline_tells_what_happened(screen, odoo_server, account):
    open_partner(screen, odoo_server, "Ada Lovelace")
    messages = screen.locator(".o-mail-Message")
    messages.first.wait_for()
    clicked = messages.filter(has_text="Clicked in the e-mail").first
    link = clicked.locator("a", has_text="https://www.example.com/fair/ticket")
    assert link.get_attribute("target") == "_blank"
    expect(messages.filter(has_text="3 times")).to_have_count(1)


def test_who_never_did_anything_has_no_block(screen, odoo_server, account):
    open_partner(screen, odoo_server, "Nobody Yet")
    screen.locator(".o_ac_links").wait_for()
    expect(screen.locator(".o_ac_engagement")).to_have_count(0)


def test_stat_button_opens_the_events(screen, odoo_server, account):
    open_partner(screen, odoo_server, "Ada Lovelace")
    screen.click("button[name=action_ac_events]")
    screen.locator(".o_list_view .o_data_row").nth(10).wait_for()
    shown = screen.locator(".o_list_table").inner_text()
    for words in ("Clicked in the e-mail", "Spring collection 2026", "Applied"):
        assert words in shown
    expect(screen.locator("th[data-name=happening]")).to_have_count(1)
    expect(screen.locator("th[data-name=type]")).to_have_count(0)
    look(screen, "events")


def test_partners_are_filtered_and_grouped(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/contacts?view_type=list")
    screen.locator(".o_list_view .o_data_row").first.wait_for()
    screen.click(".o_searchview_dropdown_toggler")
    screen.locator(".o_filter_menu .o_menu_item", has_text="Engaged in 30 Days").click()
    screen.locator(".o_data_row", has_text="Nobody Yet").wait_for(state="detached")
    expect(screen.locator(".o_data_row", has_text="Grace Hopper")).to_have_count(1)
    expect(screen.locator(".o_data_row", has_text="Katherine")).to_have_count(0)
    menu = screen.locator(".o_group_by_menu .o_menu_item")
    menu.filter(has_text="Engagement").first.click()
    screen.locator(".o_group_header", has_text="Hot").wait_for()
    screen.keyboard.press("Escape")
    look(screen, "grouped")


def test_engagement_is_listed(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{ENGAGEMENT}")
    screen.locator(".o_data_row", has_text="Ada Lovelace").wait_for()
    screen.locator(".o_facet_value", has_text="Did Something").wait_for()
    levels = screen.locator(".o_data_row td[name=level]").all_inner_texts()
    assert levels == ["Hot", "Warm", "Cold", "Asleep"]
    look(screen, "list")
    screen.locator(".o_data_row", has_text="Ada Lovelace").locator("td").nth(2).click()
    screen.locator(".o_ac_engagement, .o_form_view").first.wait_for()


def test_account_says_what_is_noted(screen, odoo_server, account):
    accounts = "action-ac_odoo_connector.action_ac_odoo_config"
    screen.goto(f"{odoo_server.url}/odoo/{accounts}/{account.id}")
    screen.locator(".o_notebook_headers a", has_text="Pull").click()
    screen.locator("div[name=timeline_muted_ids] input").fill("Opens")
    screen.locator(".o-autocomplete--dropdown-item", has_text="Opens").click()
    screen.locator("div[name=timeline_muted_ids] .o_tag", has_text="Opens").wait_for()
    look(screen, "account")
    screen.locator(".o_form_button_cancel").click()

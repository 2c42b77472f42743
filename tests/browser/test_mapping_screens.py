"""A manager maps a field by clicking, makes it over there, and looks at the preview."""

import os

import pytest

from workbench.account import Account

MAPPING = "action-ac_odoo_connector.action_ac_field_mapping"


def shot(page, name):
    if os.environ.get("AC_SHOTS"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{os.environ['AC_SHOTS']}/{name}.png")


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account with a dropdown, and a partner who is there already."""
    simulator_for_session.control.reset()
    account = Account(odoo_server, simulator_for_session)
    with account.client() as client:
        field = client.fields.create({"title": "Nation", "type": "dropdown"}).id
        client.field_options.create(
            [{"field": field, "value": o, "label": o} for o in ("IT", "DE")]
        )
    account.connect()
    (italy,) = odoo_server.call("res.country", "search", [("code", "=", "IT")])
    values = {"name": "Ada", "email": "ada@example.com", "country_id": italy}
    odoo_server.call("res.partner", "create", [values])
    account.wait("Ada is there", lambda: account.links())
    return account


def pick_path(screen, *labels):
    """Choose a field in the field selector, and one of what it leads to …"""
    screen.click("div[name=field_path] .o_model_field_selector")
    popover = screen.locator(".o_model_field_selector_popover")
    for number, label in enumerate(labels):
        popover.locator("input").first.fill(label)
        item = popover.locator(".o_model_field_selector_popover_item").filter(
            has=screen.get_by_text(label, exact=True)
        )
        last = number == len(labels) - 1
        button = "_name" if last else "_relation"
        item.first.locator(f".o_model_field_selector_popover_item{button}").click()
        if not last:
            title = popover.locator(".o_model_field_selector_popover_title")
            title.filter(has_text=label).wait_for()
    screen.locator("div[name=field_path]", has_text=labels[-1]).wait_for()


def save(screen):
    screen.click(".o_form_button_save")
    screen.locator(".o_form_button_save:visible").wait_for(state="detached")


def cell(screen, name):
    return screen.locator(f".modal-dialog .o_data_row td[name={name}]").first


def test_a_mapping_is_made_by_clicking_and_previewed(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{MAPPING}/new")
    pick_path(screen, "Country", "Country Code")
    screen.fill("div[name=ac_field_id] input", "nation")
    screen.click(".o-autocomplete--dropdown-item:has-text('Nation (NATION)')")
    save(screen)
    assert "Found" in screen.locator("div[name=field_state]").inner_text()
    shot(screen, "form")
    screen.click(".o_form_statusbar button:has-text('Preview')")
    cell(screen, "sent").filter(has_text="IT").wait_for()
    (mapping,) = odoo_server.call(
        "ac.field.mapping", "search_read", [("ac_field", "=", "NATION")], ["field_path"]
    )
    assert mapping["field_path"] == "country_id.code"
    screen.click(".modal-dialog button:has-text('Ask ActiveCampaign')")
    cell(screen, "held").filter(has_text="(nothing)").wait_for()
    shot(screen, "preview")


def test_a_missing_field_is_made_over_there(screen, odoo_server, account):
    screen.goto(f"{odoo_server.url}/odoo/{MAPPING}/new")
    pick_path(screen, "Website Link")
    screen.fill("div[name=ac_field] input", "HOME_PAGE")
    save(screen)
    assert "Missing" in screen.locator("div[name=field_state]").inner_text()
    screen.click(".o_form_statusbar button:has-text('Create in ActiveCampaign')")
    screen.locator(".modal-dialog div[name=title] input").wait_for()
    shot(screen, "create")
    screen.click(".modal-dialog footer button:has-text('Create')")
    screen.locator("div[name=field_state]", has_text="Found").wait_for()
    fields = account.simulator.control.state("fields")["fields"].values()
    assert "HOME_PAGE" in [field["perstag"] for field in fields]


@pytest.mark.parametrize(
    ("label", "part"),
    [
        ("Lookup Table", "lookup"),
        ("Several Fields in One", "parts"),
        ("Template", "template"),
    ],
)
def test_every_transformation_shows_its_own_part(screen, odoo_server, label, part):
    screen.goto(f"{odoo_server.url}/odoo/{MAPPING}/new")
    choose(screen, "transformation", label)
    screen.locator(f".o_form_view div[name={part}]").first.wait_for()
    shot(screen, f"part_{part}")


def choose(screen, name, label):
    """Choose from a selection; the two series show it in two ways."""
    select = screen.locator(f"div[name={name}] select")
    screen.locator(f"div[name={name}] select, div[name={name}] input").first.wait_for()
    if select.count():
        select.select_option(label=label)
        return
    screen.click(f"div[name={name}] input")
    screen.locator(".o_select_menu_item", has_text=label).click()


def test_the_list_shows_what_is_missing(screen, odoo_server):
    screen.goto(f"{odoo_server.url}/odoo/{MAPPING}")
    screen.locator(".o_data_row .text-bg-warning").first.wait_for()
    shot(screen, "list")
    screen.click(".o_control_panel button:has-text('Preview')")
    screen.locator(".modal-dialog .o_data_row").nth(3).wait_for()
    shot(screen, "preview_all")
    screen.goto(
        f"{odoo_server.url}/odoo/action-ac_odoo_connector.action_ac_place_alias"
    )
    screen.locator(".o_data_row").nth(10).wait_for()
    shot(screen, "aliases")

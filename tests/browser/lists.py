"""What people do with every list: filter it, group it."""

from playwright.sync_api import expect


def open_menu(screen, address):
    """Open a list and the menu of its search."""
    screen.goto(address)
    screen.locator(".o_list_view .o_data_row").first.wait_for()
    screen.click(".o_searchview_dropdown_toggler")


def check_filter(screen, address, label, listed, hidden):
    """Choose ActiveCampaign's filter of this label: one row stays, the other goes."""
    open_menu(screen, address)
    screen.locator(".o_filter_menu .o_menu_item", has_text=f": {label}").click()
    screen.locator(".o_searchview_facet", has_text=label).wait_for()
    screen.locator(".o_data_row", has_text=hidden).first.wait_for(state="detached")
    expect(screen.locator(".o_data_row", has_text=listed)).to_have_count(1)


def group_by_state(screen, address, state):
    """Group a list by ActiveCampaign's state; return the heading of one group."""
    open_menu(screen, address)
    menu = screen.locator(".o_group_by_menu .o_menu_item")
    menu.filter(has_text="ActiveCampaign State").click()
    group = screen.locator(".o_group_header", has_text=state)
    group.wait_for()
    return group

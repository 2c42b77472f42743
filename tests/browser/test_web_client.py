"""The addon's screens in a real browser."""

from workbench.server import LOGIN, PASSWORD


def log_in(page, url):
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]:has-text('Log in')")
    page.wait_for_selector(".o_web_client")


def test_the_app_opens_without_a_script_error(page, odoo_server):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    log_in(page, odoo_server.url)
    page.click(".o_navbar_apps_menu button")
    page.click(".o-dropdown--menu a:has-text('ActiveCampaign')")
    page.wait_for_selector(".o_breadcrumb")
    assert page.locator(".o_error_dialog").count() == 0
    assert errors == []

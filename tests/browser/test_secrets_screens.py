"""How keys and tokens are changed: the page Secrets and the form of a new API key."""

import os

import pytest

from workbench.account import Account

NEW = "key-of-another-user-0123456789"
PAGE = ".o_notebook_headers a"
NOTICE = ".o_notification"


@pytest.fixture(scope="module")
def account(odoo_server, simulator_for_session):
    """A connected account; a second user over there has a key, too."""
    simulator_for_session.control.reset()
    simulator_for_session.control.options(user_keys=[NEW])
    account = Account(odoo_server, simulator_for_session)
    account.connect(name="Our ActiveCampaign", poll_mode="off")
    return account


@pytest.fixture
def form(screen, odoo_server, account):
    """The account's form on the page *Secrets*."""
    screen.set_viewport_size({"width": 1400, "height": 1100})
    screen.goto(f"{odoo_server.url}/odoo/ac.odoo.config/{account.id}")
    turn_to_secrets(screen)
    return screen


def turn_to_secrets(page):
    page.locator(PAGE, has_text="Secrets").click()
    page.get_by_text("Encryption Key, of All Accounts").wait_for()


def look(page, name):
    """Keep a picture where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=f"{folder}/secrets_{name}.png", full_page=True)


def press(page, label):
    page.locator(f"button:has-text('{label}'):visible").first.click()


def confirm(page):
    page.locator(".modal-footer .btn-primary:visible").first.click()


def test_what_is_due_and_when(form):
    page = form.locator(".tab-pane.active")
    page.get_by_text("API Key to Be Changed").wait_for()
    page.get_by_text("Webhook Token to Be Changed").wait_for()
    page.get_by_text("File Beside the Filestore").wait_for()
    look(form, "page")


def test_a_new_key_is_tried_before_it_is_used(form, account):
    press(form, "Change API Key")
    field = form.locator(".modal [name=new_key] input")
    field.fill("wrong-key")
    look(form, "new_key")
    press(form, "Try and Use")
    refused = form.locator(".modal", has_text="HTTP 403")
    refused.wait_for()
    look(form, "refused")
    refused.locator(".modal-footer button").first.click()
    refused.wait_for(state="detached")
    field.fill(NEW)
    press(form, "Try and Use")
    form.locator(NOTICE, has_text="answers").wait_for()
    look(form, "changed")
    kept = "SELECT 1 FROM ac_odoo_config WHERE ac_api_key_old_encrypted IS NOT NULL"
    account.wait("the old one is forgotten", lambda: not account.sql(kept))
    form.reload()
    turn_to_secrets(form)
    assert not form.get_by_text("The API key has changed").count()


def test_the_encryption_key_is_rotated(form, account):
    secrets = "SELECT ac_api_key_encrypted FROM ac_odoo_config"
    before = account.sql(secrets)
    press(form, "Rotate Encryption Key")
    form.locator(".modal", has_text="A new key is put into the key file").wait_for()
    look(form, "rotate")
    confirm(form)
    form.locator(NOTICE, has_text="secrets are encrypted").wait_for()
    assert account.sql(secrets) != before
    look(form, "rotated")
    press(form, "Take Old Keys Out")
    confirm(form)
    form.locator(NOTICE, has_text="Only the new key is left").wait_for()
    press(form, "Test Connection")
    form.locator(NOTICE, has_text="answers").wait_for()


def test_a_lost_key_is_told(form, account, odoo_server):
    path = odoo_server.odoo.data / "ac_odoo_connector" / f"{odoo_server.database}.key"
    away = path.rename(path.with_suffix(".away"))
    try:
        form.reload()
        banner = form.locator(".alert-danger:visible", has_text="key is missing")
        banner.wait_for()
        look(form, "lost")
        press(form, "Give Unreadable Secrets Up")
        form.locator(".modal", has_text="Is their key lost for good?").wait_for()
        look(form, "give_up")
        form.locator(".modal-footer button:has-text('Cancel')").click()
    finally:
        away.rename(path)
    form.reload()
    turn_to_secrets(form)
    assert not banner.count()

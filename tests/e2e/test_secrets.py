"""The API key and the webhook's token are found nowhere, however hard one looks."""

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import requests
from both_sides import wait_until_idle

from simulator import running
from workbench import database, people, postgres

KEY = "key0f5ecret5-7Qx9vLm2Rt8Wz4Bn6Kp1Sd3"
TOKEN = "token0f5ecret5-Hy5Gf2Dc8Jk4Zx7Vb1Nm9Qw"
WRONG = "almost-token0f5ecret5"
PERSON = "refused@example.com"
PHONE, NOTE = "+1 555 0192837", "canarynote"
SPELLED = (PERSON, quote(PERSON), NOTE)
SPELLED += (PHONE, PHONE.replace(" ", ""), quote(PHONE), quote_plus(PHONE))
"""The person's data as they are entered, tidied up, and as part of an address."""
LOGS = [
    *("ac_error_log", "ac_reconciliation", "ac_reconciliation_line", "ac_sync_run"),
    *("ir_logging", "mail_message", "mail_tracking_value", "queue_job"),
]


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """The file that takes what the simulator prints."""
    return tmp_path_factory.mktemp("secrets") / "simulator.log"


@pytest.fixture(scope="module")
def own_simulator(output):
    """A simulated account with a key that appears nowhere by chance."""
    port = running.free_port()
    command = [sys.executable, "-m", "simulator", "--port", str(port)]
    with open(output, "wb") as file:
        process = subprocess.Popen(
            [*command, "--api-key", KEY],
            cwd=Path(running.__file__).parents[1],
            stdout=file,
            stderr=file,
        )
    control = running.SimulatorControl(f"http://127.0.0.1:{port}")
    try:
        running.wait_until_up(control, process)
        yield running.RunningSimulator(control.url, KEY, control, process)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def used(account):
    """The account after a day with everything that tempts software to tell secrets."""
    control, call = account.simulator.control, account.server.call
    call("ac.odoo.config", "write", [account.id], {"ac_webhook_token": TOKEN})
    account.call("action_connect_webhook")
    load_with_failures(account, control)
    contact = next(iter(account.links()))
    for action in ("open", "click", "edit"):
        control.act(action, email=contact, phone="+1 555 9999")
    control.deliveries()
    for token in (TOKEN, WRONG):
        for request in knocks(token):
            requests.post(
                f"{account.server.url}/ac/webhook/open", timeout=60, **request
            )
    wait_until_idle(account)
    connect_with_wrong_key(account)
    return account


def load_with_failures(account, control):
    """Send 300 partners: some imports fail, and for some partners every try does."""
    people.fill(account, 300)
    control.faults(
        {"kind": "status", "status": 403, "times": 1, "path": "bulk_import$"},
        {"kind": "status", "status": 500, "times": 1, "path": "bulk_import$"},
        {"kind": "drop", "times": 1, "path": "bulk_import$"},
        {"kind": "truncate", "times": 1, "path": "import/info"},
    )
    account.finish(account.start_run())
    control.faults(
        {"kind": "status", "status": 422, "path": "contact/sync", "times": 1}
    )
    values = {"name": "Refused", "email": PERSON, "phone": PHONE, "comment": NOTE}
    partner = account.server.call("res.partner", "create", values)
    account.wait("it is refused", lambda: "failed" in account.states())
    account.server.call("res.partner", "action_ac_sync_now", [partner])


def knocks(token):
    """Yield the ways in which a token can be sent, also such as do not work."""
    data = {"type": "open", "contact[id]": "1", "date_time": "2026-01-01T00:00:00Z"}
    yield {"data": data, "headers": {"X-AC-Webhook-Token": token}}
    yield {"data": data, "params": {"token": token}}
    yield {"data": data, "params": {"x": "1", "token": token, "y": "2"}}
    yield {"data": data, "auth": ("ac", token)}
    yield {"data": b"{broken", "params": {"token": token}}
    yield {"data": b"x" * 300_000, "params": {"token": token}}


def connect_with_wrong_key(account):
    """Change the key to a wrong one, try it, and put the right one back."""
    call = account.server.call
    for key in (KEY[:-1], KEY):
        call("ac.odoo.config", "write", [account.id], {"ac_api_key": key})
        try:
            account.call("test_connection")
        except Exception as error:
            assert key not in str(error)


def spellings(secret):
    """Return the ways in which a secret may be written down, as bytes.

    In Base64 the text looks different at each of the three places where it can start.
    """
    whole = [base64.b64encode(b"-" * start + secret.encode()) for start in range(3)]
    inner = [code[4:-4] for code in whole]
    return [
        secret.encode(),
        secret[:-1].encode(),
        secret.encode().hex().encode(),
        *inner,
    ]


def found(secret, data):
    """Return the spellings of a secret that occur in some bytes."""
    return [spelling for spelling in spellings(secret) if spelling in data]


def dump(name, tables=None):
    """Return every row of every table (or those named) of a database, as COPY writes
    it."""
    connection = postgres.connect(name)
    rows = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
            "AND (%(tables)s IS NULL OR tablename = ANY(%(tables)s))",
            {"tables": tables},
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows += [row for (row,) in cursor.fetchall()]
    connection.close()
    return "\n".join(rows).encode()


@pytest.mark.parametrize("secret", [KEY, TOKEN], ids=["key", "token"])
def test_the_database_holds_no_secret(used, secret):
    content = dump(used.server.database)
    assert b"refused@example.com" in content
    assert found(secret, content) == []


def test_row_25_no_log_names_the_person(used):
    """User requirement 25: neither the logs in the database nor that of the server."""
    logs = dump(used.server.database, LOGS)
    assert b"contact/sync" in logs
    for value in SPELLED:
        assert value.encode() not in logs
        assert value.encode() not in used.server.log.read_bytes()


@pytest.mark.parametrize("secret", [KEY, TOKEN], ids=["key", "token"])
def test_the_files_beside_the_database_hold_no_secret(used, secret):
    folder = database.filestore(used.server.database)
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    assert [f for f in files if found(secret, f.read_bytes())] == []


@pytest.mark.parametrize("secret", [KEY, TOKEN, WRONG], ids=["key", "token", "wrong"])
def test_the_log_of_odoo_shows_no_secret(used, secret):
    log = used.server.log.read_bytes()
    assert b"/ac/webhook/open" in log
    assert found(secret, log) == []


@pytest.mark.parametrize("secret", [KEY, TOKEN], ids=["key", "token"])
def test_the_simulator_shows_no_secret(used, output, secret):
    log = str(used.simulator.control.log()).encode()
    deliveries = str(used.simulator.control.deliveries()).encode()
    assert b"/api/3/contacts" in log and b"/ac/webhook/" in deliveries
    for text in (log, deliveries, output.read_bytes()):
        assert found(secret, text) == []


def test_nobody_reads_a_secret_back(used):
    fields = ["ac_api_key", "ac_webhook_token"]
    (values,) = used.server.call("ac.odoo.config", "read", [used.id], fields)
    assert set(values.values()) - {used.id} == {"••••••••"}
    exported = used.server.call("ac.odoo.config", "export_data", [used.id], fields)
    errors = used.server.call("ac.error.log", "search_read", [])
    messages = used.server.call("mail.message", "search_read", [], ["body"])
    assert errors
    for text in map(str, (exported, errors, messages)):
        assert KEY not in text and TOKEN not in text


def test_the_key_to_the_secrets_lies_outside_for_odoo_alone(used):
    folder = Path(used.server.odoo.data, "ac_odoo_connector")
    file = folder / f"{used.server.database}.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_uid == os.getuid()
    assert found(file.read_text().strip(), dump(used.server.database)) == []

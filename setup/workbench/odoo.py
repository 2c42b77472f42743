"""Runs Odoo's own commands with the addon, queue_job and a configuration."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .odoo_source import OdooSource

SETUP = Path(__file__).parents[1]
REPOSITORY = SETUP.parent
ADDON = "ac_odoo_connector"
# Naming the list drops what is loaded by default: 19 has XML-RPC in a module of its own.
SERVER_WIDE = {"18.0": "base,web,queue_job", "19.0": "base,rpc,web,queue_job"}
CHANNELS = "root:2,root.ac:2,root.ac.webhook:1,root.ac.push:1,root.ac.batch:1"


@dataclass(frozen=True)
class Odoo:
    """An Odoo that can run.

    `data` is Odoo's data folder (files of all databases); `work` belongs to this run and
    takes the configuration.
    """

    source: OdooSource
    addons_path: tuple[Path, ...]
    data: Path
    work: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a process that imports `odoo`."""
        return {**os.environ, "PYTHONPATH": str(self.source.home), "TZ": "UTC"}

    def configuration(self, channels: str = CHANNELS, **options: object) -> Path:
        """Write a configuration file with our defaults and `options`; its path.

        `channels` are queue_job's; "root:0" starts no job runner.
        """
        values = {
            "addons_path": ",".join(map(str, self.addons_path)),
            "data_dir": self.data,
            "admin_passwd": "workbench",
            "server_wide_modules": SERVER_WIDE[self.source.series],
            "http_interface": "127.0.0.1",
            "list_db": False,
            # XML-RPC is how we talk to the server; 19 announces its end at every call.
            "log_handler": ":INFO,odoo.addons.rpc.controllers.xmlrpc:ERROR",
            **options,
        }
        lines = ["[options]", *(f"{key} = {value}" for key, value in values.items())]
        lines += ["", "[queue_job]", f"channels = {channels}"]
        lines += ["", f"[{ADDON}]", "allow_localhost = True", ""]
        handle, name = tempfile.mkstemp(prefix="odoo-", suffix=".conf", dir=self.work)
        with open(handle, "w") as file:
            file.write("\n".join(lines))
        return Path(name)

    def command(self, *arguments: str) -> list[str]:
        """The command line that runs Odoo with `arguments`."""
        return [sys.executable, str(self.source.launcher), *arguments]

    def change_modules(self, database: str, *arguments: str) -> str:
        """Install (`-i x`) or update (`-u x`) modules in `database`; Odoo's log."""
        configuration = self.configuration("root:0", http_enable=False)
        options = ["-c", str(configuration), "-d", database, "--stop-after-init"]
        without_demo = ["--without-demo=all"] if self.source.series == "18.0" else []
        command = self.command(*options, *without_demo, *arguments)
        return self._logged(command)

    def shell(self, database: str, code: str) -> str:
        """Run Python `code` in Odoo's shell (`env` is there); Odoo's log and output."""
        configuration = self.configuration("root:0", http_enable=False)
        options = ["-c", str(configuration), "-d", database, "--no-http"]
        return self._logged(self.command("shell", *options), code)

    def _logged(self, command: list[str], text: str = "") -> str:
        done = subprocess.run(
            command,
            env=self.environment,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            return f"{done.stdout}\nERROR Odoo ended with status {done.returncode}\n"
        return done.stdout

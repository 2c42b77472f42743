"""An Odoo server with workers and the job runner, and how to talk to it and kill it."""

import ctypes
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
import xmlrpc.client
from types import TracebackType
from typing import Any

import psutil

from . import cache, ports
from .odoo import CHANNELS, Odoo
from .problem import Problem

LOGIN = PASSWORD = "admin"
START_SECONDS = 120
PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """Have the kernel send this process SIGTERM when its parent is gone (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class OdooError(Problem):
    """What Odoo refused to do, in its own words (the end of them)."""


class OdooServer:
    """Odoo on `database` with two workers; use it as a context manager.

    `url` is its address, `log` its log file; `channels` are queue_job's; `variables` are
    added to its environment. It survives `kill()`: `start()` again.
    """

    def __init__(
        self,
        odoo: Odoo,
        database: str,
        port: int | None = None,
        channels: str = CHANNELS,
        variables: dict[str, str] | None = None,
    ):
        self.odoo = odoo
        self.variables = variables or {}
        self.channels = channels
        self.database = database
        self.port = port or ports.free()
        self.url = f"http://{ports.HOST}:{self.port}"
        self.log = cache.log_file(database)
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> "OdooServer":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()  # its database goes too: no reason to wait for its workers

    def start(self) -> None:
        """Start it and wait until it answers; Problem when it does not."""
        configuration = self.odoo.configuration(
            self.channels,
            db_name=self.database,
            dbfilter=f"^{self.database}$",
            http_port=self.port,
            gevent_port=ports.free(),
            workers=2,
            max_cron_threads=1,
            limit_time_cpu=600,
            limit_time_real=1200,
            logfile=self.log,
        )
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                self.odoo.command("-c", str(configuration)),
                env={**self.odoo.environment, **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        try:
            self._wait_until_up()
        except BaseException:
            self.kill()
            raise

    @property
    def is_up(self) -> bool:
        """Whether its main process is there. It ends by itself when it looks for its
        database while PostgreSQL is away: elsewhere the system starts it again."""
        return self._process.poll() is None

    def kill(self) -> None:
        """`kill -9` of the server with all its workers, as a power cut would."""
        if self._process.poll() is not None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def kill_workers(self) -> int:
        """`kill -9` of every worker and the job runner; the server makes new ones.

        The number of processes killed.
        """
        children = psutil.Process(self._process.pid).children()
        for child in children:
            child.kill()
        return len(children)

    def call(self, model: str, method: str, *arguments: Any, **options: Any) -> Any:
        """Call `model.method` as the administrator over XML-RPC.

        Raises OdooError with Odoo's own message.
        """
        address = f"{self.url}/xmlrpc/2/object"
        with xmlrpc.client.ServerProxy(address, allow_none=True) as proxy:
            try:
                return proxy.execute_kw(
                    self.database, 2, PASSWORD, model, method, arguments, options
                )
            except xmlrpc.client.Fault as fault:
                message = fault.faultString.strip().splitlines()[-1]
                raise OdooError(f"{model}.{method}: {message}") from fault

    def memory(self) -> int:
        """Bytes of memory (RSS) that the largest of its workers holds just now."""
        workers = psutil.Process(self._process.pid).children()
        return max(worker.memory_info().rss for worker in workers)

    def _wait_until_up(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.2)
        raise Problem(
            f"The Odoo server does not answer; its log ends:\n{self.last_of_log()}",
            "read the lines above; nothing was kept of this run.",
        )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=30) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def last_of_log(self, characters: int = 3000) -> str:
        """The end of its log, for people."""
        return self.log.read_text()[-characters:]

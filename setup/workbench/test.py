"""./setup/test: runs every layer of tests and sums them up in one line of pytest's."""

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from . import chromium, odoo_source, simulator, tally
from .odoo import ADDON, REPOSITORY, SETUP
from .prepare import Workbench, prepared
from .problem import Problem

APART = ("lint", "lifecycle", "e2e", "browser")
MAILING_LISTS = f"{ADDON}/tests/test_mailing_lists.py"
NEED_ODOO = {"odoo", "e2e", "browser"}
# pytest-odoo is off in pyproject.toml; the addon's tests see no plain package by name.
# Files side by side: these tests wait for servers and limits more than they compute.
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")
INSIDE_ODOO = ["-o", "addopts=-rs", "-o", "pythonpath=tests"]


@dataclass
class Run:
    """One ./setup/test: where its files go, what was asked for, how it went so far."""

    work: Path
    expression: str | None
    paths: list[str]
    bench: Workbench | None = None
    tallies: list[dict[str, int]] = field(default_factory=list)

    def pytest(self, paths: list[str], *options: str, **variables: str) -> None:
        """Run pytest on `paths` in a process of its own and note how it ended."""
        file = self.work / f"tally-{len(self.tallies)}.json"
        command = [sys.executable, "-m", "pytest", "-p", "workbench.tally", *options]
        if self.expression:
            command += ["-k", self.expression]
        ours = {"AC_TALLY": str(file), "PYTHONPATH": str(SETUP)}
        environment = {**os.environ, **ours, **variables}
        status = attend([*command, *paths], environment)
        self.tallies.append(tally.read(file, status))


def main(arguments: list[str]) -> int:
    """Run the chosen layers; pytest's exit status for all of them together."""
    options = _parse(arguments)
    layers = options.layer or list(LAYERS)
    started = time.monotonic()
    with ExitStack() as stack:
        work = stack.enter_context(tempfile.TemporaryDirectory(prefix="ac-test-"))
        run = Run(Path(work), options.expression, options.paths)
        print(f"Python {platform.python_version()}", flush=True)
        if NEED_ODOO & set(layers):
            run.bench = stack.enter_context(prepared(options.series))
            os.environ["AC_ODOO_SERIES"] = run.bench.odoo.source.series
            print(run.bench.summary, flush=True)
        if "browser" in layers:
            print(chromium.describe(), flush=True)
        for layer in layers:
            _run_layer(run, layer)
    counts = tally.total(run.tallies)
    seconds = time.monotonic() - started
    print(f"\n{tally.summary_line(counts, seconds)}", flush=True)
    return tally.exit_status(counts)


def attend(command: list[str], environment: dict[str, str]) -> int:
    """Run `command` in the repository; its status.

    When we are told to end (SIGTERM), it ends in its own time, so that it can stop the
    servers it started. Ctrl-C reaches it without our help.
    """
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment)
    try:
        return process.wait()
    except BaseException as error:
        if not isinstance(error, KeyboardInterrupt):
            process.send_signal(signal.SIGINT)
        process.wait()
        raise


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./setup/test", description=__doc__)
    parser.add_argument("--series", choices=odoo_source.SERIES, help="Odoo's series")
    parser.add_argument("--layer", choices=LAYERS, action="append", help="repeatable")
    parser.add_argument("-k", dest="expression", help="as pytest's -k")
    parser.add_argument("paths", nargs="*", help="only these files of the layer")
    return parser.parse_args(arguments)


def _run_layer(run: Run, layer: str) -> None:
    """Run one layer; a Problem in preparing it counts as an error, and we go on."""
    print(f"\n— layer {layer} —", flush=True)
    try:
        LAYERS[layer](run)
    except Problem as problem:
        print(f"\n{problem}", flush=True)
        run.tallies.append({"error": 1})


def _lint(run: Run) -> None:
    run.pytest(run.paths or ["tests/lint"])


def _plain(run: Run) -> None:
    elsewhere = [f"--ignore=tests/{folder}" for folder in APART]
    run.pytest(run.paths or ["tests"], *elsewhere)


def _odoo(run: Run) -> None:
    """The addon's own tests inside Odoo, then its installation, update and removal.

    What needs an app that the addon does not depend on has a database of its own.
    """
    paths = run.paths or [f"{ADDON}/tests"]
    named = {path.split("::")[0] for path in run.paths}
    if named != {MAILING_LISTS}:
        _inside_odoo(run, paths)
    if not run.paths or MAILING_LISTS in named:
        _inside_odoo(run, [MAILING_LISTS], also="mass_mailing")
    if not run.paths:
        run.pytest(["tests/lifecycle"])


def _inside_odoo(run: Run, paths: list[str], also: str = "") -> None:
    odoo = run.bench.odoo
    with run.bench.fresh_database() as database, simulator.running() as account:
        if also:
            odoo.change_modules(database, "-i", also)
        # The tests run jobs themselves: no runner.
        configuration = odoo.configuration(channels="root:0")
        run.pytest(
            paths,
            *INSIDE_ODOO,
            "-p",
            "workbench.queue_job_compat",
            f"--odoo-config={configuration}",
            f"--odoo-database={database}",
            "--odoo-log-level=warn",
            "--odoo-http",
            PYTHONPATH=f"{odoo.source.home}{os.pathsep}{SETUP}",
            TZ="UTC",
            AC_SIMULATOR_URL=account.url,
            AC_SIMULATOR_KEY=account.api_key,
            AC_ODOO_HOME=str(odoo.source.home),
        )


def _e2e(run: Run) -> None:
    run.pytest(run.paths or ["tests/e2e"], *SIDE_BY_SIDE)


def _browser(run: Run) -> None:
    run.pytest(run.paths or ["tests/browser"], *SIDE_BY_SIDE)


LAYERS = {
    "lint": _lint,
    "plain": _plain,
    "odoo": _odoo,
    "e2e": _e2e,
    "browser": _browser,
}

"""./setup/test: runs every layer of tests and sums them up in one line of pytest's."""

import argparse
import itertools
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

from . import chromium, odoo_source, paper, ports, simulator, tally
from .odoo import ADDON, REPOSITORY, SETUP
from .prepare import Workbench, prepared
from .problem import Problem

APART = ("lint", "lifecycle", "e2e", "browser")
WITH_APPS = {
    f"{ADDON}/tests/test_mailing_lists.py": "mass_mailing",
    f"{ADDON}/tests/test_privacy_lookup.py": "privacy_lookup",
}
"""Tests of what is there only beside an app that the addon does not depend on."""
NEED_ODOO = {"odoo", "e2e", "browser"}
_count = itertools.count(1)
# pytest-odoo is off in pyproject.toml; the addon's tests see no plain package by name.
# Files side by side: these tests wait for servers and limits more than they compute.
FILES = ("--dist", "loadfile", "--no-loadscope-reorder")
SIDE_BY_SIDE = ("-n", "4", *FILES)
IN_TWOS = ("-n", "2", *FILES)  # what computes: plain tests, browsers
PARTS = 4  # of the addon's own tests, for the same reason
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
        self.side_by_side([(paths, options, variables)])

    def side_by_side(self, jobs: list[tuple]) -> None:
        """Run pytest on several ``(paths, options, variables)`` at once.

        What the first one says is shown as it comes, the rest after its end.
        """
        outputs = [None, *(tempfile.TemporaryFile("w+") for _ in jobs[1:])]
        commands = [self._command(*job) for job in jobs]
        files = [Path(environment["AC_TALLY"]) for _, environment in commands]
        statuses = attend(commands, outputs)
        for file, status, output in zip(files, statuses, outputs, strict=True):
            if output:
                output.seek(0)
                print(output.read(), flush=True)
            self.tallies.append(tally.read(file, status))

    def _command(self, paths: list[str], options: list[str], variables: dict) -> tuple:
        file = self.work / f"tally-{next(_count)}.json"
        command = [sys.executable, "-m", "pytest", "-p", "workbench.tally", *options]
        if self.expression:
            command += ["-k", self.expression]
        ours = {"AC_TALLY": str(file), "PYTHONPATH": str(SETUP)}
        return [*command, *paths], {**os.environ, **ours, **variables}


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
            print(paper.describe(), flush=True)
        for layer in layers:
            _run_layer(run, layer)
    counts = tally.total(run.tallies)
    seconds = time.monotonic() - started
    print(f"\n{tally.summary_line(counts, seconds)}", flush=True)
    return tally.exit_status(counts)


def attend(commands: list[tuple], outputs: list) -> list[int]:
    """Run ``(command, environment)`` pairs at once in the repository; their statuses.

    When we are told to end (SIGTERM), they end in their own time, so that they can stop
    the servers they started. Ctrl-C reaches them without our help.
    """
    processes = [
        subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=output, stderr=output
        )
        for (command, environment), output in zip(commands, outputs, strict=True)
    ]
    try:
        return [process.wait() for process in processes]
    except BaseException as error:
        for process in processes:
            if not isinstance(error, KeyboardInterrupt):
                process.send_signal(signal.SIGINT)
        for process in processes:
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
    run.pytest(run.paths or ["tests"], *elsewhere, *IN_TWOS)


def _odoo(run: Run) -> None:
    """The addon's own tests inside Odoo, then its installation, update and removal.

    What needs an app that the addon does not depend on has a database of its own.
    """
    named = {path.split("::")[0] for path in run.paths}
    if not run.paths:
        files = sorted(map(str, (REPOSITORY / ADDON / "tests").glob("test_*.py")))
        _inside_odoo(run, *(files[n::PARTS] for n in range(PARTS)))
    elif named - WITH_APPS.keys():
        _inside_odoo(run, run.paths)
    chosen = [path for path in WITH_APPS if not run.paths or path in named]
    if chosen:
        _inside_odoo(run, chosen, also=",".join(WITH_APPS[path] for path in chosen))
    if not run.paths:
        run.pytest(["tests/lifecycle"])


def _inside_odoo(run: Run, *parts: list[str], also: str = "") -> None:
    """Run parts of the addon's tests at once, each with a database and an account."""
    with ExitStack() as stack:
        run.side_by_side([_job(run.bench, stack, part, also) for part in parts])


def _job(bench: Workbench, stack: ExitStack, paths: list[str], also: str) -> tuple:
    odoo = bench.odoo
    database = stack.enter_context(bench.fresh_database())
    account = stack.enter_context(simulator.running())
    if also:
        odoo.change_modules(database, "-i", also)
    # The tests run jobs themselves: no runner.
    configuration = odoo.configuration("root:0", http_port=ports.free())
    options = [
        *INSIDE_ODOO,
        "-p",
        "workbench.queue_job_compat",
        f"--odoo-config={configuration}",
        f"--odoo-database={database}",
        "--odoo-log-level=warn",
        "--odoo-http",
    ]
    variables = {
        "PYTHONPATH": f"{odoo.source.home}{os.pathsep}{SETUP}",
        "TZ": "UTC",
        "AC_SIMULATOR_URL": account.url,
        "AC_SIMULATOR_KEY": account.api_key,
        "AC_ODOO_HOME": str(odoo.source.home),
    }
    return paths, options, variables


def _e2e(run: Run) -> None:
    run.pytest(run.paths or ["tests/e2e"], *SIDE_BY_SIDE)


def _browser(run: Run) -> None:
    run.pytest(run.paths or ["tests/browser"], *IN_TWOS)


LAYERS = {
    "lint": _lint,
    "plain": _plain,
    "odoo": _odoo,
    "e2e": _e2e,
    "browser": _browser,
}

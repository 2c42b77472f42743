"""./setup/simulator: an ActiveCampaign account on this machine, for people and tests."""

import argparse
import os
import sys
from contextlib import AbstractContextManager

from simulator.running import RunningSimulator, running_simulator

from . import ports
from .odoo import REPOSITORY

TESTS = REPOSITORY / "tests"
USUAL_PORT = 8070


def main(arguments: list[str]) -> int:
    """Become the simulator; options we do not know are passed on to it."""
    parser = argparse.ArgumentParser(prog="./setup/simulator", description=__doc__)
    parser.add_argument("--port", type=int, help=f"default {USUAL_PORT}, or a free one")
    options, others = parser.parse_known_args(arguments)
    port = ports.choose(options.port, USUAL_PORT)
    print(f"ActiveCampaign simulator: http://{ports.HOST}:{port}", flush=True)
    command = [sys.executable, "-m", "simulator", "--port", str(port), *others]
    os.chdir(TESTS)
    os.execv(sys.executable, command)


def running(port: int | None = None) -> AbstractContextManager[RunningSimulator]:
    """A simulator while the block runs: `.url`, `.api_key`, `.control`."""
    return running_simulator(port=port)

"""Whoever follows a description gets the job channels that everything is tested with."""

import re
from pathlib import Path

import pytest

from workbench.odoo import ADDON, CHANNELS

ROOT = Path(__file__).parents[1]
DESCRIPTIONS = ("README.md", f"{ADDON}/readme/INSTALL.md")


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_descriptions_name_the_channels_that_are_tested(name):
    text = (ROOT / name).read_text()
    assert re.findall(r"^\s*channels = (\S+)$", text, re.MULTILINE) == [CHANNELS]

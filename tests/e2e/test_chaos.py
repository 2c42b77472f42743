"""A short chaos: `./setup/chaos --minutes 20` is the long one.

User requirements 12, 22 and 28.
"""

import re

import pytest

from workbench import chaos_stage
from workbench.chaos import Chaos
from workbench.chaos_troubles import Troubles

SECONDS, SEED = 60, 6


@pytest.fixture(scope="module")
def report(workbench):
    """How a chaos on two nodes ended."""
    with chaos_stage.built(workbench) as stage:
        report = Chaos(stage, SEED).run(SECONDS)
    print(report.text)
    return report


def test_nothing_is_lost(report):
    """Both sides are equal, and everybody finds what they have saved."""
    assert report.findings["lost"] == []


def test_nothing_is_there_twice(report):
    """User requirement 12: nothing is made, noted or counted twice."""
    assert report.findings["duplicated"] == []


def test_the_limits_were_kept(report):
    """User requirement 22: by the workers of both nodes together."""
    assert report.findings["over a limit"] == []


def test_no_job_is_stuck(report):
    """User requirement 28: what dead workers have left behind was taken again."""
    assert report.findings["stuck"] == []


def test_everything_was_tried(report):
    figures = dict(report.rows)
    assert figures["operations in Odoo"] >= 10
    assert figures["operations in ActiveCampaign"] >= 10
    assert figures["faults of the account"] > 0.15 * figures["  while it went wrong"]
    assert figures["  of what was delivered before"] > 0
    assert all(
        figures[f"  {trouble}"] for trouble in Troubles(SEED, None, print).deeds()
    )


def test_the_report_says_how_often(report):
    for word in ("operations", "faults", "retries", "lost", "duplicated"):
        assert re.search(rf"^ +{word}\b.* \d+$", report.text, re.MULTILINE), word
    assert dict(report.rows)["retries"] > 0

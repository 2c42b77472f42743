"""The one summary line over several runs of pytest."""

import os
import subprocess
import sys

from workbench import tally

TESTS = """
import pytest

def test_good(): pass
def test_bad(): assert False
@pytest.fixture
def broken(): raise OSError
def test_error(broken): pass
@pytest.mark.skip(reason="why not")
def test_skipped(): pass
@pytest.mark.xfail
def test_expected(): assert False
"""


def run_pytest(folder, text, *options):
    """The tally and exit status of a real run of pytest on a file with `text`."""
    (folder / "test_it.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:odoo", "-p", "workbench.tally"]
        + ["-p", "no:cacheprovider", *options, str(folder)],
        env={
            **os.environ,
            "AC_TALLY": str(folder / "tally"),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        cwd=folder,
        capture_output=True,
        text=True,
    )
    counts = tally.read(folder / "tally", done.returncode)
    return counts, done.returncode, done.stdout.splitlines()[-1]


def test_counts_what_pytest_counts(tmp_path):
    counts, status, line = run_pytest(tmp_path, TESTS)
    assert (status, tally.exit_status(counts)) == (1, 1)
    ours = tally.summary_line(counts, 0.01)
    assert ours.strip("= ").split(" in ")[0] == line.strip("= ").split(" in ")[0]


def test_no_tests(tmp_path):
    counts, status, _line = run_pytest(tmp_path, "")
    assert (counts, status) == ({}, 5)
    assert tally.exit_status(counts) == 5
    assert tally.summary_line(counts, 1) == f"{' no tests ran in 1.00s ':=^80}"


def test_everything_deselected_is_no_test(tmp_path):
    counts, _status, _line = run_pytest(tmp_path, TESTS, "-k", "nothing_like_it")
    assert tally.exit_status(counts) == 5


def test_a_run_that_breaks_off_is_an_error(tmp_path):
    text = "import os\ndef test_it(): os._exit(3)\n"
    counts, status, _line = run_pytest(tmp_path, text)
    assert (counts, status) == ({"error": 1}, 3)


def test_total_and_exit_status():
    tallies = [{"passed": 2, "skipped": 1}, {}, {"passed": 1, "error": 2}]
    counts = tally.total(tallies)
    assert counts == {"passed": 3, "skipped": 1, "error": 2}
    assert tally.exit_status(counts) == 1
    assert tally.exit_status({"passed": 3, "skipped": 1}) == 0
    assert "3 passed, 1 skipped, 2 errors in 61.00s" in tally.summary_line(counts, 61)

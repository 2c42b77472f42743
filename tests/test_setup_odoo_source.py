"""Recognising a source tree of Odoo."""

import os

import pytest

from workbench import odoo_source
from workbench.problem import Problem


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A folder that looks like Odoo 18.0, named by ODOO_HOME."""
    (tmp_path / "odoo/addons/base").mkdir(parents=True)
    (tmp_path / "odoo-bin").touch()
    (tmp_path / "odoo/addons/base/__manifest__.py").write_text("{}")
    set_version(tmp_path, "(18, 0, 0, FINAL, 0, '')")
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    return tmp_path


def set_version(tree, version):
    (tree / "odoo/release.py").write_text(
        f"FINAL = 'final'\nversion_info = {version}\n"
    )


@pytest.mark.parametrize("asked", [None, "18.0"])
def test_odoo_home(tree, asked):
    source = odoo_source.find(asked)
    assert (source.home, source.series) == (tree, "18.0")
    assert source.launcher == tree / "odoo-bin"
    assert source.addons == [tree / "odoo/addons"]


def test_odoo_home_of_another_series(tree):
    with pytest.raises(Problem, match="holds Odoo 18.0, but --series 19.0"):
        odoo_source.find("19.0")


def test_odoo_home_of_a_series_we_do_not_support(tree):
    set_version(tree, "(17, 0, 0, FINAL, 0, '')")
    with pytest.raises(Problem, match="is Odoo 17.0"):
        odoo_source.find(None)


def test_odoo_home_without_odoo(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path / "nothing"))
    with pytest.raises(Problem, match="not an Odoo source tree") as caught:
        odoo_source.find(None)
    assert "odoo-bin" in caught.value.what_to_do


def test_the_key_follows_the_tree(tree):
    before = odoo_source.find(None).key
    assert odoo_source.find(None).key == before
    os.utime(tree / "odoo/addons/base/__manifest__.py", (1, 1))
    assert odoo_source.find(None).key != before

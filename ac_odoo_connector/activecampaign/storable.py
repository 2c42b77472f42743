# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Text that a database takes, of whatever came from outside."""

from typing import Any


def storable(node: Any) -> Any:
    """Return a JSON value with all its text storable: no NUL, no lone surrogates."""
    if isinstance(node, str):
        return storable_text(node)
    if isinstance(node, dict):
        return {storable_text(key): storable(value) for key, value in node.items()}
    if isinstance(node, list):
        return [storable(value) for value in node]
    return node


def storable_text(value: str) -> str:
    """Return text without NUL; a lone surrogate becomes "?"."""
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")

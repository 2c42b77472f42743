"""Facts of the public OpenAPI description that the simulator is tested against.

    python tests/simulator_facts/extract.py openapi.json

writes `operations.json` beside this file: for each operation its method, path, request
examples, documented status and the shape (keys only) of the documented answer. Values
that look like people, hosts or prose are replaced; nothing else is taken over.
"""

import json
import re
import sys
from pathlib import Path

TARGET = Path(__file__).with_name("operations.json")
METHODS = ("get", "post", "put", "patch", "delete")
DEEPEST = 3
LONGEST_TEXT = 40
EMAIL = re.compile(r"[^@\s\"]+@[^@\s\"]+\.[a-zA-Z]+")
HOST = re.compile(r"(https?://)[^/\"\s]+|(www\.)[^/\"\s]+")


def operations(openapi):
    """`[{"method", "path", "requests", "status", "shape"}]` of an OpenAPI object."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "requests": requests_of(item[method]),
            **answer_of(item[method]),
        }
        for path, item in sorted(openapi["paths"].items())
        for method in METHODS
        if method in item
    ]


def requests_of(operation):
    """The JSON request examples, cleaned of people and hosts."""
    content = operation.get("requestBody", {}).get("content", {})
    found = [parsed(e) for media in content.values() for e in examples(media)]
    return [cleaned(example) for example in found if example not in (None, {})]


def answer_of(operation):
    """The first documented success: its status, and the shape of its example."""
    for status, answer in sorted(operation.get("responses", {}).items()):
        if status.startswith("2"):
            media = answer.get("content", {}).get("application/json", {})
            shown = [parsed(example) for example in examples(media)]
            known = [example for example in shown if example is not None]
            shape = shape_of(known[0]) if known else None
            return {"status": int(status), "shape": shape}
    return {"status": None, "shape": None}


def examples(media):
    """All examples of a media type, of either spelling."""
    if "example" in media:
        return [media["example"]]
    return [item.get("value") for item in media.get("examples", {}).values()]


def parsed(example):
    """An example as data; None when its JSON is broken, as some are."""
    if not isinstance(example, str):
        return example
    try:
        return json.loads(example)
    except ValueError:
        return None


def shape_of(value, depth=0):
    """Keys only: an object by key, a list by what all its objects have, else None."""
    if depth == DEEPEST:
        return None
    if isinstance(value, dict):
        return {
            key: None if key == "links" else shape_of(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        common = set.intersection(*(set(item) for item in value))
        return [shape_of({k: value[0][k] for k in value[0] if k in common}, depth + 1)]
    return None


def cleaned(value, key=""):
    """A value without real people, hosts, numbers to ring, or prose."""
    if isinstance(value, dict):
        return {name: cleaned(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [cleaned(inner, key) for inner in value]
    if not isinstance(value, str):
        return value
    if "phone" in key.lower() and value:
        return "+15555550100"
    text = HOST.sub(r"\1\2example.com", EMAIL.sub("person@example.com", value))
    is_url = text.startswith("http")
    return text if is_url or len(text) <= LONGEST_TEXT else text[:12]


def written(found):
    """One operation per line, so that a change is a small diff."""
    lines = [
        json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in found
    ]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def extract(source):
    """The text of `operations.json` for the OpenAPI file `source`."""
    return written(operations(json.loads(Path(source).read_text())))


if __name__ == "__main__":
    TARGET.write_text(extract(sys.argv[1]))

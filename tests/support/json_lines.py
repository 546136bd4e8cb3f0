"""Compares what `wright --json` wrote with sdk/docs/json-lines.md, which says what stands in each line."""
import functools
import json
import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parents[2] / "sdk" / "docs" / "json-lines.md"
PLAIN = {"text": str, "integer": int, "truth": bool, "map": dict, "number": (int, float), "anything": object}


@functools.cache
def documented():
    """{type: {key: (type of its value, whether it may be missing)}}"""
    types, current = {}, None
    for line in PAGE.read_text().splitlines():
        if heading := re.fullmatch(r"#{2,3} (\w+)", line):
            current = types.setdefault(heading[1], {})
        elif current is not None and (row := re.fullmatch(r"\| (`\w+`(?:, `\w+`)*) \| ([^|]+) \| .+ \|", line)):
            kind, _, optional = row[2].partition(", ")
            for key in re.findall(r"`(\w+)`", row[1]):
                current[key] = (kind, optional == "optional")
    return types


def problems_of(value, kind, place):
    if listed := re.fullmatch(r"list of (\w+)", kind):
        if not isinstance(value, list):
            return [f"{place} is no list"]
        return [problem for at, item in enumerate(value) for problem in problems_of(item, listed[1], f"{place}[{at}]")]
    if kind in PLAIN:
        right = isinstance(value, PLAIN[kind]) and not (kind in ("integer", "number") and isinstance(value, bool))
        return [] if right else [f"{place} is no {kind}: {value!r}"]
    if kind not in documented():
        return [f"{place}: {PAGE.name} says nothing of {kind}"]
    if not isinstance(value, dict):
        return [f"{place} is no {kind}: {value!r}"]
    keys = documented()[kind]
    found = [f"{place} has no {key}" for key, (_, optional) in keys.items() if key not in value and not optional]
    for key, item in value.items():
        if key not in keys:
            found.append(f"{place}: {PAGE.name} does not name {key}")
        elif not (item is None and keys[key][1]):
            found += problems_of(item, keys[key][0], f"{place}.{key}")
    return found


def undocumented(output):
    """Where lines and page differ, as a list of sentences; empty when they do not."""
    found = []
    for text in output.splitlines():
        line = json.loads(text)
        schema, kind = line.pop("schema", None), line.pop("type", None)
        if schema != 1 or kind not in documented():
            found.append(f"{PAGE.name} says nothing of type {kind} in schema {schema}")
        else:
            found += problems_of(line, kind, kind)
    return found

# SPDX-License-Identifier: Apache-2.0
"""Checks a value against a JSON schema, as far as those in this project go."""

KNOWN = {"$schema", "$id", "title", "description", "$defs", "$ref", "type", "properties", "required", "items", "enum",
         "const", "minimum", "pattern", "additionalProperties"}
TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def problems(value, schema, root=None, where="$"):
    """What is wrong with `value`, one text each, with its place."""
    import re

    root = schema if root is None else root
    unknown = set(schema) - KNOWN
    if unknown:
        raise ValueError(f"the schema at {where} uses what is not known here: {', '.join(sorted(unknown))}")
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    types = schema.get("type")
    if types is not None:
        names = types if isinstance(types, list) else [types]
        if not any(TYPES[name](value) for name in names):
            yield f"{where}: {type(value).__name__} in place of {' or '.join(names)}"
            return
    if "const" in schema and value != schema["const"]:
        yield f"{where}: {value!r} in place of {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {', '.join(map(repr, schema['enum']))}"
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value < schema.get("minimum", value):
        yield f"{where}: {value} is below {schema['minimum']}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{where}: {value!r} does not look like {schema['pattern']}"
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                yield f"{where}: '{name}' is missing"
        for name, each in value.items():
            inner = schema.get("properties", {}).get(name)
            if inner is not None:
                yield from problems(each, inner, root, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                yield f"{where}: '{name}' is not known"
    if isinstance(value, list) and "items" in schema:
        for number, each in enumerate(value):
            yield from problems(each, schema["items"], root, f"{where}[{number}]")

"""Tell whether what is written for one schema can be valid under another, for `oneOf`.

It errs to one side: "apart" is certain, its opposite is not. Pure. `schema` calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from doorward.daemon.reader.keywords import key
from doorward.policies.vocabulary import Data

_ALL: Final = frozenset({"object", "array", "string", "number", "boolean", "null"})


def excludes(one: Data, other: Data) -> bool:
    """Tell whether no value that is written for `one` is valid under `other`."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    if not (_kinds(one) & _kinds(other)):
        return True
    if (ours := _values(one)) is not None and (theirs := _values(other)) is not None:
        return not (ours & theirs)
    if _kinds(one) & _kinds(other) == {"object"}:
        return _lacks(one, other) or _differs(one, other)
    return False


def _kinds(node: Mapping[str, Data]) -> frozenset[str]:
    if (values := _values(node)) is not None:
        return frozenset(_kind(value) for value in values)
    kind = node.get("type")
    names = kind if isinstance(kind, list) else [kind]
    if "type" not in node:
        return _ALL
    return frozenset("number" if name == "integer" else str(name) for name in names)


def _kind(text: str) -> str:
    known = {"n": "null", "t": "boolean", "f": "boolean", '"': "string", "[": "array"}
    return known.get(text[0], "object" if text[0] == "{" else "number")


def _values(node: Data | Mapping[str, Data]) -> frozenset[str] | None:
    """Return the values of an enumeration, each in the one form that equal ones share."""
    if not isinstance(node, Mapping):
        return None
    values = [node["const"]] if "const" in node else node.get("enum")
    return frozenset(key(value) for value in values) if isinstance(values, list) else None


def _lacks(one: Mapping[str, Data], other: Mapping[str, Data]) -> bool:
    """Tell whether `other` requires a member that is never written for `one`."""
    named, required, needed = one.get("properties", {}), one.get("required"), other.get("required")
    if one.get("additionalProperties", False) is not False or not isinstance(named, dict):
        return False
    written = {*named, *(required if isinstance(required, list) else [])}
    return isinstance(needed, list) and any(name not in written for name in needed)


def _differs(one: Mapping[str, Data], other: Mapping[str, Data]) -> bool:
    """Tell whether a member that is always written for `one` has no value that `other` allows."""
    ours, theirs, required = one.get("properties"), other.get("properties"), one.get("required")
    if not isinstance(ours, dict) or not isinstance(theirs, dict) or not isinstance(required, list):
        return False
    for name in required:
        if isinstance(name, str) and name in ours and name in theirs:
            mine, its = _values(ours[name]), _values(theirs[name])
            if mine is not None and its is not None and not (mine & its):
                return True
    return False

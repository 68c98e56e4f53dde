"""The policies under which canaries are looked for, and what each lets the planner have.

`allowed` says it again by hand, by label: it asks no gate, or it would prove nothing.
"""

from __future__ import annotations

from tests.canaries.planting import FOLDERS, Canary

_HEAD = """
version = 1
labels  = { order = ["public", "work", "personal", "secret"] }

[defaults]
read    = "ask"
write   = "ask"
destroy = "ask"
egress  = "deny"
spend   = "deny"
run     = "deny"
tags    = "public"
trust   = "untrusted"

[[rule]]
id      = "read-what-i-named"
verdict = "allow"
effect  = "read"
named   = true

[[rule]]
id      = "my-words"
verdict = "allow"
effect  = "egress"
to      = "orchestrator:home"
words   = true
"""
_PLACE = """
[[place]]
path  = "~/{folder}/**"
tags  = "{tag}"
trust = "{trust}"
"""
_RELEASE = """
[[rule]]
id      = "{form}-up-to-{most}"
verdict = "allow"
effect  = "egress"
to      = "orchestrator:home"
at_most = "{most}"
release = "{form}"
"""
_REST = """
[[rule]]
id      = "shapes-of-all-else"
verdict = "allow"
effect  = "egress"
to      = "orchestrator:home"
release = "shape"
"""
_STAYS = f"""
[[rule]]
id      = "stays-here"
verdict = "allow"
effect  = "read"
named   = true
path    = "~/{FOLDERS["local_only"]}/**"
keep    = "local_only"
"""
_ALL = """
[[rule]]
id      = "everything"
verdict = "allow"
effect  = "egress"
to      = "orchestrator:home"
"""
_TAGS = {"public": "public", "work": "work", "personal": "personal", "secret": "secret"}
_PLACES = "".join(
    _PLACE.format(folder=FOLDERS[label], tag=_TAGS.get(label, "work"), trust="untrusted")
    for label in FOLDERS
)
POLICIES = {
    "default": "",
    "released": _HEAD
    + _PLACES
    + _STAYS
    + _RELEASE.format(form="full", most="work")
    + _RELEASE.format(form="redacted", most="personal")
    + _REST,
    "everything": _HEAD + _ALL,
}
"""`default` is the shipped one; `released` gives public and work in full, personal without whom it
speaks of, of the rest the shape; `everything` is there to see that the taps hear."""


def allowed(policy: str, canary: Canary) -> bool:
    """Tell whether a policy lets the planner have what this canary stands for."""
    match policy:
        case "default":
            return False
        case "released":
            personal = canary.label == "personal" and canary.where != "entity"
            return canary.label in {"public", "work"} or personal
        case _:
            return True

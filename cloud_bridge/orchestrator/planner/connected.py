"""Slots of recipes for connectors: a time zone by its city, a repository by its whole path. Pure.

It knows no connector: a recipe counts only where the device has the tools that it names (see
`embedded`). `fill` looks these parsers up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from doorward.policies.vocabulary import Data

_WORDS = 3
"""Words that a city's name may have: `Dar es Salaam`."""
_PATH = re.compile(r"(?<![\w/~.])/[\w./-]*\w")


def zone(name: str, text: str) -> dict[str, Data]:
    """Return the time zone whose city a text names last, and the city as it is called there."""
    words = re.findall(r"[^\W\d_]+", text)
    for start in range(len(words) - 1, -1, -1):
        for end in range(min(start + _WORDS, len(words)), start, -1):
            found = _cities().get("_".join(words[start:end]).lower())
            if found:
                return {name: found, f"{name}.city": found.rpartition("/")[2].replace("_", " ")}
    return {name: None}


def repository(name: str, text: str) -> dict[str, Data]:
    """Return the whole path that a text names; a connector knows no folder of the objective."""
    found = _PATH.search(text)
    return {name: found[0] if found else None}


@cache
def _cities() -> dict[str, str]:
    places = (zone for zone in sorted(available_timezones()) if zone.count("/") >= 1)
    return dict(
        _by_city(zone for zone in places if not zone.startswith(("Etc/", "posix", "right")))
    )


def _by_city(zones: Iterable[str]) -> Iterable[tuple[str, str]]:
    for each in zones:
        yield each.rpartition("/")[2].lower(), each

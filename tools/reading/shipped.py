"""The examples that come with Doorward: invented texts of which it is known what they are about.

Data and its loading; nothing of any user is in it. `files.suggest` and `classify` teach the reader
with them.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

from doorward.tools.reading.reader import Example

LABELS: Final = ("health", "finance", "legal", "credentials", "personal", "work", "none")
"""What a text can be about, as far as its privacy goes."""


def examples() -> list[Example]:
    """Return them all, some twenty a label."""
    text = files("doorward.tools.reading").joinpath("examples.toml").read_text(encoding="utf-8")
    held = tomllib.loads(text)
    return [Example(each, label) for label in LABELS for each in held[label]]


def usual() -> list[str]:
    """Return a dozen of them: texts of all sorts, two of most labels."""
    return [example.text for example in examples()[::12]]

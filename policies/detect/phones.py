"""Telephone numbers by the number plans of the user's regions.

`phonenumbers` is imported at the first question: its tables take megabytes. Tier 0 finds most
numbers by form; this finds national ones that are written without any separator.
"""

from __future__ import annotations

from dataclasses import dataclass

from doorward.policies.detect import context
from doorward.policies.detect.findings import Finding, Kind

SHORTEST = 8
"""Digits below which `context.phone` takes nothing for a number: shorter pieces are not parsed."""


@dataclass(frozen=True, slots=True)
class Phones:
    """Finds numbers that are valid in one of these regions."""

    regions: tuple[str, ...]
    """ISO 3166 codes, e.g. `DE`, `US`; none finds international numbers alone."""

    def found(self, text: str) -> list[Finding]:
        """Return the valid numbers in a text."""
        if sum(map(text.count, "0123456789")) < SHORTEST:
            return []
        if not self.regions and "+" not in text and "\uff0b" not in text:
            return []  # without a region only what says its country is parsed
        import phonenumbers

        hits = []
        for region in self.regions or (None,):
            matcher = phonenumbers.PhoneNumberMatcher(text, region, min_candidate_length=SHORTEST)
            for match in matcher:
                before = text[max(0, match.start - 80) : match.start]
                if context.phone(match.raw_string, before):
                    hits.append(Finding(match.start, match.end, Kind.PHONE))
        return hits

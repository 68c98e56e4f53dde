"""Telephone numbers by the number plans of the user's regions.

`phonenumbers` is imported at the first question: its tables take megabytes. Tier 0 finds most
numbers by form; this finds national ones that are written without any separator.
"""

from __future__ import annotations

from dataclasses import dataclass

from doorward.policies.detect import context
from doorward.policies.detect.findings import Finding, Kind


@dataclass(frozen=True, slots=True)
class Phones:
    """Finds numbers that are valid in one of these regions."""

    regions: tuple[str, ...]
    """ISO 3166 codes, e.g. `DE`, `US`; none finds international numbers alone."""

    def found(self, text: str) -> list[Finding]:
        """Return the valid numbers in a text."""
        if sum(each.isdigit() for each in text) < 7:
            return []
        import phonenumbers

        hits = []
        for region in self.regions or (None,):
            for match in phonenumbers.PhoneNumberMatcher(text, region):
                before = text[max(0, match.start - 80) : match.start]
                if context.phone(match.raw_string, before):
                    hits.append(Finding(match.start, match.end, Kind.PHONE))
        return hits

"""Fill made sentences with made names: texts in which it is known where people stand.

Names are those of faker (MIT) in its locales with Latin letters; a part of them is held back for
judging. It trains nothing. `scripts/train_names` and `scripts/bench/names` call it.
"""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from scripts.naming import sentences as made

Span = tuple[int, int]
LOCALES = """
az_AZ cs_CZ da_DK de_AT de_CH de_DE de_LI de_LU en_GB en_IE en_IN en_KE en_NG en_NZ en_PK en_US
es_AR es_CA es_CL es_CO es_ES es_MX et_EE fi_FI fr_BE fr_CA fr_CH fr_DZ fr_FR ga_IE ha_NG hr_HR
hu_HU id_ID ig_NG is_IS it_IT lt_LT lv_LV nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO sk_SK sl_SI
sv_SE sw tr_TR tw_GH vi_VN yo_NG zu_ZA
"""
_WORDS = "de_DE en_US en_US fr_FR es_ES it_IT nl_NL pl_PL"
_JOBS = "de_DE en_US fr_FR es_ES"
COMMON = (
    "de_DE",
    "en_US",
    "en_GB",
    "de_CH",
    "de_AT",
    "fr_FR",
    "es_ES",
    "it_IT",
    "nl_NL",
    "pl_PL",
    "tr_TR",
)
"""Where half of all names come from."""
MIXED = {
    "any": ("n", "g", "f", "f", "t", "o", "c", "thing", "p"),
    "who": ("n", "g", "f", "f", "t", "thing", "job", "noun", "o"),
}
"""Slots in which a person may stand, or something else."""
PEOPLE = frozenset({"n", "g", "f", "s", "u", "i", "lg", "ll", "t"})
_LATIN = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
_PARTICLES = "von, van, de, van der, von der, di, da, del, la, zu, al, bin, le, de la"
_NICK = """
Tom Max Jo Kati Uli Steffi Bea Sam Lena Mia Ben Anni Alex Chris Kim Toni Sascha Luca Nico Ron
Liz Kate Nick Mike Moni Gabi Heinz Uwe Jörg
"""


@dataclass(frozen=True, slots=True)
class Names:
    """Given and family names of each locale."""

    given: dict[str, tuple[str, ...]]
    family: dict[str, tuple[str, ...]]
    words: tuple[str, ...]
    """Words of several languages that name nobody."""
    jobs: tuple[str, ...]

    def all(self) -> tuple[list[str], list[str]]:
        """Return all of them, each once, sorted."""
        return _flat(self.given.values()), _flat(self.family.values())


def _flat(lists: Iterable[Iterable[str]]) -> list[str]:
    return sorted({name for each in lists for name in each})


def from_faker() -> Names:
    """Read the names of faker's providers, in Latin letters."""
    given: dict[str, tuple[str, ...]] = {}
    family: dict[str, tuple[str, ...]] = {}
    for locale in LOCALES.split():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        given[locale] = _names(provider, "first_name")
        family[locale] = _names(provider, "last_name")
    given["de_DE"] = (*given["de_DE"], *_NICK.split())
    words = [word for place in _WORDS.split() for word in _provided(f"lorem.{place}", "word_list")]
    jobs = [job for place in _JOBS.split() for job in _provided(f"job.{place}", "jobs")]
    return Names(given, family, tuple(dict.fromkeys(words)), tuple(dict.fromkeys(jobs)))


def _provided(where: str, what: str) -> tuple[str, ...]:
    return tuple(getattr(importlib.import_module(f"faker.providers.{where}").Provider, what))


def _names(provider: type, what: str) -> tuple[str, ...]:
    found: set[str] = set()
    for name in dir(provider):
        if name.startswith(what) or (what == "last_name" and name.startswith("last_names")):
            held = getattr(provider, name)
            found |= {str(one) for one in held} if isinstance(held, tuple | list | dict) else set()
    return tuple(sorted(name for name in found if _latin(name)))


def _latin(name: str) -> bool:
    return (
        bool(_LATIN.fullmatch(name))
        and len(name) > 1
        and max(name) < "\u0250"
        and name[0].isupper()
    )


def parted(names: Names, rng: random.Random, share: float) -> tuple[Names, Names]:
    """Part names into two that have no name in common, the second a share of all."""
    kept = [{name for name in all_ if rng.random() >= share} for all_ in names.all()]

    def part(*, first: bool) -> Names:
        both = [
            {place: tuple(n for n in held if (n in keep) is first) for place, held in lists.items()}
            for lists, keep in zip((names.given, names.family), kept, strict=True)
        ]
        given, family = ({k: v for k, v in each.items() if v} for each in both)
        return replace(names, given=given, family=family)

    return part(first=True), part(first=False)


@dataclass(slots=True)
class Writer:
    """Writes texts of which it knows where people stand."""

    names: Names
    rng: random.Random
    _text: list[str] = field(default_factory=list)
    _spans: list[Span] = field(default_factory=list)

    def fill(self, template: str) -> tuple[str, list[Span]]:
        """Fill one sentence."""
        self._text, self._spans = [], []
        for piece in re.split(r"(\{\w+\})", template.replace("\\n", "\n").replace("\\t", "\t")):
            if piece.startswith("{") and piece.endswith("}"):
                self._slot(piece[1:-1])
            else:
                self._text.append(piece)
        return "".join(self._text), self._spans

    def _slot(self, slot: str) -> None:
        if slot in MIXED:
            slot = self.rng.choice(MIXED[slot])
        if slot in PEOPLE:
            lead, name = self._person(slot)
            self._text.append(lead)
            at = sum(map(len, self._text))
            if slot == "s":  # "Family, Given": two names with a comma between
                cut = name.index(",")
                self._spans += [(at, at + cut), (at + cut + 2, at + len(name))]
            else:
                self._spans.append((at, at + len(name)))
            self._text.append(name)
        else:
            self._text.append(self._thing(slot))

    def _locale(self, held: dict[str, tuple[str, ...]]) -> str:
        places = (
            [each for each in COMMON if each in held] if self.rng.random() < 0.5 else list(held)
        )
        return self.rng.choice(places)

    def given(self) -> str:
        """Return a given name."""
        return self.rng.choice(self.names.given[self._locale(self.names.given)])

    def family(self) -> str:
        """Return a family name."""
        rng = self.rng
        name = rng.choice(self.names.family[self._locale(self.names.family)])
        luck = rng.random()
        if luck < 0.06:
            return f"{name}-{rng.choice(self.names.family[self._locale(self.names.family)])}"
        return f"{rng.choice(_PARTICLES.split(', '))} {name}" if luck < 0.11 else name

    def _full(self) -> str:
        rng, luck = self.rng, self.rng.random()
        if rng.random() < 0.7:  # both of one country
            locale = self._locale(
                {k: v for k, v in self.names.given.items() if k in self.names.family}
            )
            given, family = (
                rng.choice(self.names.given[locale]),
                rng.choice(self.names.family[locale]),
            )
        else:
            given, family = self.given(), self.family()
        if luck < 0.08:
            return f"{given} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {family}"
        if luck < 0.12:
            return f"{given} {self.given()} {family}"
        return f"{given} {family}"

    def _person(self, slot: str) -> tuple[str, str]:
        """Return what stands before a name, and the name."""
        luck = self.rng.random()
        if slot == "t":
            title = self.rng.choice(made.TITLES)
            return f"{title} ", self.family() if luck < 0.7 else self._full()
        make: dict[str, Callable[[], str]] = {
            "n": self._full,
            "g": self.given,
            "f": self.family,
            "s": lambda: f"{self.family()}, {self.given()}",
            "u": lambda: str.upper(self._full() if luck < 0.8 else self.family()),
            "i": lambda: f"{self.given()[0]}. {self.family()}" if luck < 0.7 else self.family(),
            "lg": lambda: str.lower(self.given()),
            "ll": lambda: str.lower(self._full()),
        }
        return "", make[slot]()

    def _thing(self, slot: str) -> str:
        rng = self.rng
        number = "".join(rng.choice("0123456789") for _ in range(rng.randrange(3, 10)))
        day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(1950, 2027)
        pick = rng.choice
        dates = (
            f"{day}.{month}.{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day} {pick(made.MONTHS)} {year}",
            f"{month}/{day}/{year}",
        )
        street = pick(made.STREETS)
        make: dict[str, Callable[[], str]] = {
            "o": self._company,
            "c": lambda: pick(made.TOWNS),
            "st": lambda: pick((f"{street} {number[:3]}", f"{number[:3]} {street}")),
            "m": lambda: pick(made.MONTHS),
            "wd": lambda: pick(made.DAYS),
            "p": lambda: pick(made.PRODUCTS),
            "r": lambda: pick(made.ROLES),
            "d": lambda: pick(dates),
            "a": lambda: pick((f"{number[:3]}.50 EUR", f"€{number[:4]}", f"{number[:2]},90 €")),
            "x": lambda: pick((number, f"RE-{number}", f"{number[:3]}-{number}", f"AB{number}")),
            "e": lambda: f"{pick(('info', self.given().lower(), 'office'))}@{self._domain()}",
            "dom": self._domain,
            "tel": lambda: f"+{number[:2]} {number} {number[:3]}",
            "thing": lambda: pick(made.THINGS),
            "did": lambda: pick(made.DID.split("|")),
            "tat": lambda: pick(made.TAT.split("|")),
            "noun": lambda: pick(made.NOUNS.split()),
            "word": lambda: pick(self.names.words),
            "Word": lambda: pick(self.names.words).capitalize(),
            "job": lambda: pick(self.names.jobs),
        }
        return make[slot]()

    def _domain(self) -> str:
        pick = self.rng.choice
        return f"{pick(('example', 'mail', 'web', 'firma'))}.{pick(('org', 'com', 'de', 'net'))}"

    def _company(self) -> str:
        rng, luck = self.rng, self.rng.random()
        if luck < 0.4:
            return rng.choice(made.COMPANIES)
        first = (
            self.family()
            if luck < 0.7
            else rng.choice((*made.TOWNS, *made.COMPANIES, "Nord", "Alpha", "City"))
        )
        return f"{first} {rng.choice(made.ENDINGS)}"


def written(names: Names, number: int, seed: int) -> list[tuple[str, list[Span]]]:
    """Write so many texts: single sentences, a few joined to a longer one, some in one case."""
    rng = random.Random(seed)
    writer = Writer(names, rng)
    weights = {
        made.ENGLISH: 30,
        made.ENGLISH_NOBODY: 14,
        made.GERMAN: 30,
        made.GERMAN_NOBODY: 14,
        made.FRAMES: 40,
        made.OTHERS: 8,
        made.OTHERS_NOBODY: 4,
    }
    groups = [each.split("\n") for each in weights]
    out = []
    for _ in range(number):
        text, spans = "", []
        glue = rng.choice(("\n", " ", "\n\n"))
        for _ in range(rng.choice((1, 1, 1, 1, 2, 4))):
            [lines] = rng.choices(groups, list(weights.values()))
            piece, found = writer.fill(rng.choice(lines))
            at = len(text) + (len(glue) if text else 0)
            text = f"{text}{glue}{piece}" if text else piece
            spans += [(a + at, b + at) for a, b in found]
        luck = rng.random()
        if luck < 0.06 and len(text.lower()) == len(text):
            text = text.lower()
        elif luck < 0.09 and len(text.upper()) == len(text):
            text = text.upper()
        out.append((text, spans))
    return out

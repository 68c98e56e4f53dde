"""What the documents with canaries say: letters, contracts and notes, each label in its words.

Every label has words and people of its own, so that what is read elsewhere can be counted by label
even without a canary. It writes no file (`planting` does).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

LABELS = ("public", "work", "personal", "secret", "local_only")
_WORDS = {
    "public": (
        "badger heron otter falcon walrus lobster beetle magpie hamster gazelle leopard mackerel"
        " pelican tortoise salmon donkey rooster squirrel weasel penguin"
    ),
    "work": (
        "hammer chisel mallet spanner pliers crowbar scaffold trowel anvil bellows lathe rivet"
        " sawdust varnish plywood hinge girder solder pulley wheelbarrow"
    ),
    "personal": (
        "cinnamon parsley rhubarb apricot walnut cardamom beetroot spinach lentil oregano marzipan"
        " gooseberry artichoke raspberry fennel paprika tarragon chestnut turnip quince"
    ),
    "secret": (
        "glacier canyon lagoon estuary tundra volcano meadow peninsula waterfall moorland plateau"
        " archipelago geyser savanna fjord marshland isthmus cavern ravine dune"
    ),
    "local_only": (
        "violin trumpet clarinet oboe bassoon cymbal accordion mandolin harpsichord ukulele"
        " trombone piccolo xylophone tambourine saxophone banjo bagpipe zither marimba lute"
    ),
}
_PEOPLE = {
    "public": ("Osgood", "Pettigrew", "Lindqvist"),
    "work": ("Vandermeer", "Castellanos", "Okonkwo"),
    "personal": ("Featherstone", "Drummond", "Szymanski"),
    "secret": ("Whitcombe", "Abernathy", "Marchetti"),
    "local_only": ("Hollingsworth", "Takahashi", "Lundgren"),
}
_SENTENCES = (
    "The {0} and the {1} were left with {name} until the {2} is repaired.",
    "Nobody but {name} knows why the {0} cost more than the {1}.",
    "A {0} was found behind the {1}, next to the old {2}.",
    "We agreed with {name} that the {0} stays where the {1} was.",
    "In spring {name} carried a {0}, a {1} and a {2} across the yard.",
    "Whoever finds the {0} gives it to {name} together with the {1}.",
    "It took {name} a whole week to tell the {0} from the {1}.",
    "The price of a {0} has doubled since {name} bought the {1} and the {2}.",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What of a text can be told apart by label."""

    nouns: frozenset[str]
    people: frozenset[str]


def words_of(label: str) -> Words:
    """Return the words that only documents of this label hold."""
    return Words(frozenset(_WORDS[label].split()), frozenset(_PEOPLE[label]))


def sentences(label: str, draw: random.Random, count: int = 9) -> list[str]:
    """Return sentences in the label's own words."""
    made = []
    for _ in range(count):
        nouns = draw.sample(_WORDS[label].split(), 3)
        form = draw.choice(_SENTENCES)
        made.append(form.format(*nouns, name=draw.choice(_PEOPLE[label])))
    return made


def text(kind: str, tokens: list[str], own: list[str], number: int) -> str:
    """Return a document.

    Args:
        kind: What it is: `invoice`, `lease`, `letter`, `notes`, `minutes` or `insurance`.
        tokens: Four canaries for its content; the last stands before an `@`.
        own: The label's sentences.
        number: Makes dates and sums differ.
    """
    one, two, three, entity = tokens
    day, mail = number % 27 + 1, f"{entity}@mail.example"
    rest = "\n".join(own)
    match kind:
        case "invoice":
            return (
                f"Kestrel {one} Supplies Ltd\nInvoice\n\nInvoice number: RE-{two}\n"
                f"Invoice date: 2026-10-{day:02}\nDue date: 2026-11-{day:02}\n"
                f"Bill to: Anna Berger\n\nPaper and ink for the {three} cards\n"
                f"Total: {100 + number}.50 EUR\n\nQuestions: {mail}\n{rest}\n"
            )
        case "lease":
            return (
                f"Lease of the flat {one}\n\nThe lease between Anna Berger and the landlord {two}"
                f" ends on 2027-03-{day:02}. The notice period is three months, by letter to"
                f" {three}.\nThe monthly rent is {700 + number}.00 EUR. Pets are allowed. The"
                f" contract is signed by {mail}.\n{rest}\n"
            )
        case "letter":
            return (
                f"Dear Anna,\n\nI write about the deposit for the boiler of {one}. The tax office"
                f" and the school want the form {two} back.\nI will send you the {three} plan by"
                f" 4 December 2026.\n{rest}\nWrite to {mail}.\n\nYours, the landlord\n"
            )
        case "minutes":
            return (
                f"Minutes of the board meeting of 2026-10-{day:02}\n\nBudget of {one}: Anna took it"
                f" on.\nAction item: I will deliver the {two} report by 27 November 2026.\n"
                f"The kitchen renovation by {three} starts in spring.\n{rest}\nPresent: {mail}\n"
            )
        case "insurance":
            return (
                f"Insurance policy {one}\n\nPolicy number: P-{two}\nThe annual premium is"
                f" {80 + number}.00 EUR. Water damage is covered by {three}.\nThe car insurance"
                f" expires on 2027-05-{day:02}.\n{rest}\nContact person: {mail}\n"
            )
        case _:
            return (
                f"Notes about the garden and the {one} heat pump\n\nSolar panels: the offer of"
                f" {two} is the best one.\nThe {three} key is under the pot; the heating is on.\n"
                f"{rest}\nAsk {mail}.\n"
            )

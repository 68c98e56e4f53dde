"""Filling a recipe: its slots from the user's words, its steps from its slots.

It opens nothing and guesses nothing: a slot that is needed and not said becomes a `Missing`, with
what to add. What a user typed goes into a plan as a literal, never as a reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from doorward.cloud_bridge.orchestrator.planner import connected, topics, words
from doorward.cloud_bridge.orchestrator.planner.fields import find_fields, money_field
from doorward.cloud_bridge.orchestrator.planner.paths import HERE
from doorward.cloud_bridge.orchestrator.planner.reading import Reading, qualifier, types
from doorward.cloud_bridge.orchestrator.planner.recipes import Draft, Recipe, Slot
from doorward.policies.plan import Argument, Literal, Plan, Ref, Step, Template
from doorward.policies.vocabulary import Data, StepId

Values = dict[str, Data]
"""Slot values and their forms for sentences: `about`, `about.plural`, …; None is empty."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A plan and the sentence that says what was understood."""

    plan: Plan
    understood: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A slot that could not be filled: what to add."""

    ask: str


def fill(recipe: Recipe, reading: Reading) -> Filled | Missing:
    """Make a plan of a recipe, or say what is missing."""
    if problem := _unused(recipe, reading):
        return Missing(problem)
    values: Values = {}
    for slot in recipe.slots:
        found = _PARSERS[slot.kind](slot, reading, values)
        if isinstance(found, Missing):
            return found
        if found.get(slot.name) is None and slot.required:
            return Missing(slot.ask or f"say which {slot.name}")
        values |= found
    steps = tuple(
        _step(draft, values)
        for draft in recipe.steps
        if (not draft.only_with or values.get(draft.only_with))
        and (not draft.only_without or not values.get(draft.only_without))
    )
    answer = re.sub(r"\n{3,}", "\n\n", render(recipe.answer, values, escape=True)).strip()
    return Filled(Plan(steps, Template(answer), recipe.name), render(recipe.understood, values))


def render(text: str, values: Values, *, escape: bool = False) -> str:
    """Put values into a recipe's text; a `[…]` with an empty value in it goes away.

    Args:
        text: The recipe's own text.
        values: What its slots hold.
        escape: Take braces out of values, so that they cannot become references.
    """

    def keep(found: re.Match[str]) -> str:
        inside = found[1]
        return inside if all(values.get(n) is not None for n in _SLOT.findall(inside)) else ""

    def put(found: re.Match[str]) -> str:
        value = values.get(found[1])
        shown = "" if value is None else listed(value) if isinstance(value, list) else str(value)
        return shown.translate(_BRACES) if escape else shown

    return _SLOT.sub(put, _OPTIONAL.sub(keep, text))


_SLOT = re.compile(r"<([a-z_]+(?:\.[a-z]+)?)>")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_BRACES = str.maketrans({"{": "(", "}": ")"})


def listed(value: list[Data]) -> str:
    """Join a list as a sentence does: `a, b and c`."""
    parts = [str(part) for part in value]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1] if parts else "")))


def _step(draft: Draft, values: Values) -> Step:
    args = {name: _argument(value, values) for name, value in draft.args.items()}
    return Step(
        id=StepId(draft.id),
        tool=draft.tool,
        args={name: value for name, value in args.items() if value is not None},
        each=Ref(draft.each) if draft.each else None,
        when=Ref(draft.when) if draft.when else None,
        why=render(draft.why, values),
        expect=Ref(f"{draft.id}.{draft.expect}") if draft.expect else None,
    )


def _argument(value: Data, values: Values) -> Argument | None:
    if not isinstance(value, str):
        return Literal(value)
    if whole := _SLOT.fullmatch(value):
        found = values.get(whole[1])
        return None if found is None else Literal(found)
    if re.fullmatch(r"\{[a-z0-9_.]+\}", value):
        return Ref(value[1:-1])
    text = render(value, values, escape=True)
    return Template(text) if "{" in value else Literal(text)


def _unused(recipe: Recipe, reading: Reading) -> str:
    """Say what the user named that this recipe would not look at."""
    kinds = {slot.kind for slot in recipe.slots}
    names = reading.names
    if names.outputs and "output" not in kinds:
        return f"I would not write {names.outputs[0].value} then; ask without it"
    if names.files and "file" not in kinds:
        return f"I would not use {names.files[0].value} then; ask about it on its own"
    if names.pages and "page" not in kinds:
        return f"I would not read {names.pages[0].value} then; ask about it on its own"
    if max(len(names.files), len(names.outputs), len(names.pages)) > 1:
        return f"please name one {'page' if len(names.pages) > 1 else 'file'} at a time"
    if len({named.value for named in names.folders}) > 1 or (
        names.folders and not {"folder", "repository", "zone"} & kinds
    ):
        return "please name one folder at a time" if "folder" in kinds else "leave out the folder"
    narrowed = qualifier(reading.masked)
    if narrowed and "kind" in kinds:
        return (
            f"I can only take every one: I cannot keep to those “{narrowed} …” yet; leave that out"
        )
    if reading.period and recipe.changes and "period" not in kinds:
        return f"I cannot keep to “{reading.period.words}” here; ask without it"
    return ""


def _topic(slot: Slot, reading: Reading, values: Values) -> Values:
    names = reading.names.phrases
    topic = names[0].value if names else topics.find_topic(reading.masked)
    topic = topic or topics.find_subject(reading.masked, _FIND_VERBS)
    topic = topic or topics.find_kind(reading.masked)
    return {slot.name: topic}


_FIND_VERBS = (
    "find", "look for", "search for", "search", "locate", "hunt for", "dig up", "dig out",
    "track down", "where is", "where's", "where are", "where did i put", "where did we put",
    "where can i find", "where did i save", "where do i keep", "looking for", "get", "show", "seek",
    "summarise", "summarize", "sum up", "recap", "summary of", "overview of", "gist of", "outline",
    "digest of", "key points of", "main points of", "condense", "brief me on", "on", "from",
)  # fmt: skip


def _kind(slot: Slot, reading: Reading, values: Values) -> Values:
    kind = topics.find_kind(reading.masked)
    return _kind_forms(slot.name, kind)


def _narrow(slot: Slot, reading: Reading, values: Values) -> Values:
    kind = topics.find_kind(reading.masked)
    return _kind_forms(slot.name, None if kind and kind.endswith("scan") else kind)


def _kind_forms(name: str, kind: str | None) -> Values:
    if kind is None:
        return {name: None}
    plural = _plural(kind)
    return {
        name: kind,
        f"{name}.plural": plural,
        f"{name}.a": f"{'an' if kind[0].lower() in 'aeiou' else 'a'} {kind}",
        f"{name}.file": re.sub(r"[^\w-]+", "-", plural.lower()).strip("-") or "table",
        f"{name}.folder": re.sub(r"[^\w -]+", "", plural[:1].upper() + plural[1:]) or "Filed",
    }


def _plural(kind: str) -> str:
    if kind.endswith("y") and kind[-2:-1] not in "aeiou":
        return kind[:-1] + "ies"
    if kind.endswith("s"):
        return kind
    return kind + ("es" if kind.endswith(("x", "ch", "sh")) else "s")


def _file(slot: Slot, reading: Reading, values: Values) -> Values:
    if not reading.names.files:
        return {slot.name: None}
    named = reading.names.files[0]
    return {
        slot.name: named.value,
        f"{slot.name}.folder": named.folder,
        f"{slot.name}.name": named.name,
        f"{slot.name}.stem": named.name.rpartition(".")[0],
    }


def _page(slot: Slot, reading: Reading, values: Values) -> Values:
    return {slot.name: reading.names.pages[0].value if reading.names.pages else None}


def _folder(slot: Slot, reading: Reading, values: Values) -> Values:
    named = reading.names.folders[0].value if reading.names.folders else None
    value = named or (render(slot.default, values) if isinstance(slot.default, str) else None)
    shown = "this folder" if value == HERE else value
    inside = f" in {shown}" if named else ""
    return {slot.name: value, f"{slot.name}.shown": shown, f"{slot.name}.in": inside}


def _output(slot: Slot, reading: Reading, values: Values) -> Values | Missing:
    if reading.names.outputs:
        value = reading.names.outputs[0].value
        if not value.lower().endswith(tuple("." + suffix for suffix in slot.suffixes)):
            allowed = " or ".join("." + suffix for suffix in slot.suffixes)
            return Missing(f"I can write that as {allowed} only, not as {value}")
        return {slot.name: value, f"{slot.name}.set": ""}
    default = render(slot.default, values) if isinstance(slot.default, str) else None
    return {slot.name: default, f"{slot.name}.set": default and ""}


def _fields(slot: Slot, reading: Reading, values: Values) -> Values:
    found = find_fields(reading.masked, several=True) or find_fields(reading.masked)
    names: list[Data] | None = list(found.names) if found else None
    about = values.get("about")
    if names is None and isinstance(about, str) and slot.by_topic:
        default = slot.by_topic.get(about.split()[-1])
        names = default if isinstance(default, list) else None
    return {slot.name: names, f"{slot.name}.shown": listed(names) if names else None}


def _total(slot: Slot, reading: Reading, values: Values) -> Values:
    names = values.get("fields")
    texts = (
        tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
    )
    return {slot.name: money_field(texts, reading.masked)}


def _period(slot: Slot, reading: Reading, values: Values) -> Values:
    period = reading.period
    if period is None:
        return {slot.name: None}
    return {
        slot.name: _shown(period.words),
        "since": period.since.isoformat() if period.since else None,
        "until": period.until.isoformat() if period.until else None,
    }


def _shown(words_used: str) -> str:
    if re.search(r" (?:to|until|till|through) ", words_used):
        return words_used
    return re.sub(r"^(?:in|on|of|from|for|during|dated|over|made) ", "", words_used).removesuffix(
        "'s"
    )


def _kinds(slot: Slot, reading: Reading, values: Values) -> Values:
    found: list[Data] = list(types(reading.stems))
    chosen = found or slot.default
    return {slot.name: chosen, f"{slot.name}.shown": listed(found) if found else None}


def _by(slot: Slot, reading: Reading, values: Values) -> Values:
    by = _way(slot, reading)
    dated = by in {"year", "month"}
    return {slot.name: by, f"{slot.name}.shown": f"the {by} they last changed" if dated else by}


def _way(slot: Slot, reading: Reading) -> Data:
    line = reading.line
    if " by year " in line or " per year " in line or " yearly " in line or " each year " in line:
        return "year"
    dated = (" month ", " monthly ", " date ", " dates ", " age ", " time ", " day ", " when ")
    if any(word in line for word in dated):
        return "month"
    loose = " year " in line and reading.period is None  # “this year” is a period, not an order
    return "year" if loose else slot.default


def _options(slot: Slot, reading: Reading, values: Values) -> Values:
    found = topics.find_options(reading.masked)
    options: Data = list(found) if found else slot.default
    shown = listed(options) if isinstance(options, list) else None
    return {slot.name: options, f"{slot.name}.shown": shown}


def _question(slot: Slot, reading: Reading, values: Values) -> Values:
    found = words.tokens(reading.text)
    skipped = words.opener(tuple(token.stem for token in found))
    if skipped and found[skipped - 1].stem in words.BEFORE_QUESTION:
        skipped -= 1
    rest = reading.text[found[skipped].start :] if skipped < len(found) else ""
    for page in reading.names.pages:  # its words are no part of what is asked
        rest = rest.replace(reading.text[page.start : page.end], "it")
    return {slot.name: rest or None}


def _purpose(slot: Slot, reading: Reading, values: Values) -> Values:
    return {slot.name: topics.find_purpose(reading.masked) or slot.default}


def _letter(slot: Slot, reading: Reading, values: Values) -> Values:
    purpose = topics.find_purpose(reading.masked)
    rest = reading.masked.replace(purpose, topics.MASK) if purpose else reading.masked
    found = re.search(
        r"\b(?:reply|answer|response|respond|cancellation letter|letter|cancellation)"
        r"(?: to| for| about| regarding| on)? +(.+)",
        rest,
        re.IGNORECASE,
    )
    about = topics.trim(found[1].split(topics.MASK)[0]) if found else None
    if about is None and purpose:
        owned = re.search(r"\b(?:my|the|our) (.+)", purpose, re.IGNORECASE)
        about = topics.trim(owned[1]) if owned else None
    return {slot.name: about}


_PERSON = re.compile(
    r"\b(?:promised?|owe|commit(?:ted)? to|told|commitments? to|promises? to) (?:anything |"
    r"something )?(?:to )?(?:my |the |our )?"
    r"(?!(?:whom|who|people|anyone|anybody|others|to|do|this|last|next|by|and|in|each|every|"
    r"everyone|"
    r"that|i|we|them|since|before|during|on|for|at|when|what|or|so|anything|something|everything|"
    r"myself)\b)([^\W\d][\w'&-]*(?: [A-Z][\w'&-]*)*)",
    re.IGNORECASE,
)


def _person(slot: Slot, reading: Reading, values: Values) -> Values:
    found = _PERSON.search(reading.masked)
    return {slot.name: found[1] if found else topics.find_topic(reading.masked)}


def _zone(slot: Slot, reading: Reading, values: Values) -> Values:
    return connected.zone(slot.name, reading.text)


def _repository(slot: Slot, reading: Reading, values: Values) -> Values:
    return connected.repository(slot.name, reading.text)


Parser = Callable[[Slot, Reading, Values], "Values | Missing"]
_PARSERS: Mapping[str, Parser] = {
    "topic": _topic,
    "kind": _kind,
    "narrow": _narrow,
    "file": _file,
    "page": _page,
    "folder": _folder,
    "output": _output,
    "fields": _fields,
    "total": _total,
    "period": _period,
    "kinds": _kinds,
    "by": _by,
    "options": _options,
    "question": _question,
    "purpose": _purpose,
    "letter": _letter,
    "person": _person,
    "zone": _zone,
    "repository": _repository,
}

SLOT_KINDS = frozenset(_PARSERS)
"""Every kind of slot that a recipe may have."""

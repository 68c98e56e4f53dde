"""Subjects in an objective: what it is about, what a letter is for, what to sort by.

It finds noun phrases by the words around them, in a text where names and periods are masked; it
does not understand them. `fill` calls these.
"""

from __future__ import annotations

import re

from doorward.cloud_bridge.orchestrator.planner.words import singular, stem, word_set

MASK = "|"
"""Stands in a text for a name, a period or a list that another parser has taken."""

_REACH = 80
"""How far a noun phrase is looked for, in letters; keeps long texts quick."""

DOCUMENT_WORDS = word_set(
    "document file pdf letter email mail message invoice bill receipt contract lease agreement "
    "statement report note memo manual policy warranty certificate offer quote quotation "
    "proposal spreadsheet presentation slide paper article payslip prescription form "
    "application cv resume passport visa ticket booking reservation confirmation scan draft "
    "transcript deed mortgage notice reminder newsletter brochure thesis essay estimate "
    "timesheet order protocol minutes paperwork correspondence guarantee insurance diploma "
    "handbook guideline instruction attachment tenancy licence license bank-statement folder "
    "reference"
)
"""Nouns that name a kind of document."""

_VAGUE = word_set(
    "document file pdf everything anything something stuff thing item paper paperwork it them "
    "this that those these one all any folder information info each every"
)
TYPE_WORDS = frozenset({"presentation", "spreadsheet", "slide"})
"""Kinds of file rather than of document."""

_LEADS = re.compile(
    r"^(?:the|a|an|my|our|your|all|every|each|any|some|of|these|those|this|that|about|me|us|for|"
    r"single|different|various|many|several|recent|latest|old|new|in|on|from|to|s|other|relevant|"
    r"existing|incoming|is|are)\b[ ]*",
    re.I,
)
_VERBS = (
    "tell|put|give|show|make|save|write|list|add|sort|file|sum|say|create|let|send|store|export|"
    "then|also|summari[sz]e|draft|rename|move|delete|report|turn|compile|include|work out|total"
)
_CUT = re.compile(
    r"\||(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bProf)(?<!\bSt)(?<!\bNo)[.;?!\"](?: |$)|"
    rf",? and (?:then )?(?:{_VERBS})\b|, (?:{_VERBS}|so|please|with|which|ideally)\b|"
    r" (?:into|so that|so i|please|for me|then|thanks|thank you|if possible|as a (?:csv|table)|"
    r"to a (?:csv|table|sheet|spreadsheet)|in a (?:csv|table|sheet|spreadsheet|single|new)|in one|"
    r"as (?:csv|columns)|on my (?:mac|computer|disk|drive)|in my (?:files|documents|folders?))\b",
    re.I,
)
_CUT_SHORT = re.compile(
    r",| (?:that|which|who|whose|with|from|since|by|i|we|you|in|on|to|for|has|have|is|are|was|were|"
    r"there|where|when|what|and|or|came|come|got|say|says|state|states|mention|using|according|"
    r"received|sent|dated|you|still|based|as|do|did|altogether|overall|together|add|of mine)\b",
    re.I,
)
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|mentioning|mentions?|related to|relating to|to do with|"
    r"deals? with|dealing with|on the (?:subject|topic) of|(?:that|which) (?:talk|"
    r"discuss)\w*(?: about)?|"
    r"discussing|refers? to|containing|contains?|with the words?|connected (?:to|with)|"
    r"pertaining to|re:|that cover|covering|keyword) +(.+)",
    re.IGNORECASE,
)
_ON = re.compile(
    r"\b(?:(?:everything|anything|documents?|files?|info(?:rmation)?|papers?|material|notes?|"
    r"emails?|"
    r"have|know|got|points?|me|summary|overview|up) on|search(?: \w+){0,3} for|"
    r"look(?: \w+){0,3} for) +(.+)",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\b(?:every|each|all(?: of)?(?: the| my| our| these)?|any(?: of my)?) +(.+)", re.I
)
_OF = re.compile(
    r"\b(?:out of|of|from|for|in|across|on)(?: (?:the|my|our|these|those|all))* +(?![|])(.+)", re.I
)
_MY = re.compile(r"\b(?:my|our|the|these|those|which|what|whose|how many) +(.+)", re.I)


_ANY = re.compile(r"(?<![\w'-])(\w.*)")


def find_topic(text: str) -> str | None:
    """Return what the text is about: `leaking roof`, `heating costs`; None if it is vague."""
    for pattern in (_ABOUT, _ON):
        for found in pattern.finditer(text):
            if topic := trim(_CUT.split(found[1][: 3 * _REACH])[0]):
                return topic
    return None


def find_kind(text: str) -> str | None:
    """Return which kind of document a text means, in the singular: `every invoice` → `invoice`."""
    for pattern in (_EVERY, _OF, _MY, _ANY):
        at = 0
        while found := pattern.search(text, at):
            phrase = trim(_CUT_SHORT.split(_CUT.split(found[1][:_REACH])[0])[0])
            if phrase and (kind := _document_kind(phrase)):
                return kind
            at = found.start() + 1
    return None


def find_subject(text: str, verbs: tuple[str, ...]) -> str | None:
    """Return what follows an order's verb: `find the boiler manual` → `boiler manual`."""
    pattern = "|".join(re.escape(verb) for verb in sorted(verbs, key=len, reverse=True))
    for found in re.finditer(rf"\b(?:{pattern})\b(?: me| us| for| out| up)* +(.+)", text, re.I):
        if topic := trim(_CUT.split(found[1][: 3 * _REACH])[0]):
            return topic
    return None


def _document_kind(phrase: str) -> str | None:
    words = phrase.split()
    for end in range(len(words), 0, -1):
        last = stem(words[end - 1].lower().removesuffix("'s"))
        if last in DOCUMENT_WORDS - TYPE_WORDS and last not in _VAGUE:
            return " ".join([*_modifiers(words[: end - 1]), last])
    return None


def _modifiers(words: list[str]) -> list[str]:
    """Return the one or two words that say which kind: `insurance` policy."""
    kept: list[str] = []
    for word in reversed(words[-2:]):
        if word.lower() in _NO_MODIFIER or not word[0].isalpha():
            break
        kept.insert(0, word)
    return kept


_NO_MODIFIER = word_set(
    "a an the my our your his her their its this that these those all every each any some no do "
    "does did is are was were have has had can could would will should of for in on at by from "
    "to with into and or but as what which who how many much where when collect put list find "
    "show get give extract make take read file move gather pull grab compile turn export write "
    "sum total add up unpaid paid open overdue outstanding new old recent latest last next "
    "other single one two three me us i we you please sort tidy rename tell through out date "
    "amount number vendor still not yet duplicate scanned value name different various come "
    "came go went there away create build save fetch copy enter"
)


_LOOSE_ENDS = word_set("in on from of the my by and to for at made we i")


def trim(phrase: str) -> str | None:
    """Return the phrase without determiners and vague nouns; None if nothing is left."""
    phrase = phrase.strip(" ,.;:?!-'\"")
    while phrase and (shorter := _LEADS.sub("", phrase, count=1)) != phrase:
        phrase = shorter
    words = phrase.split()
    while words and singular(words[-1].lower()) in _VAGUE | _LOOSE_ENDS:
        words.pop()
    if not words or all(singular(word.lower()) in _VAGUE for word in words):
        return None
    return " ".join(words)[:200]


_PURPOSE = re.compile(
    r"\b((?:saying|that says|telling|asking|to say|to ask|to tell|explaining|confirming|accepting|"
    r"declining|rejecting|refusing|cancell?ing|requesting|thanking|apologi[sz]ing|objecting|"
    r"agreeing|"
    r"disputing|complaining|to (?:accept|decline|cancel|confirm|thank|object|dispute|request|"
    r"complain|"
    r"apologi[sz]e|reject|refuse|agree|terminate|renew|extend|postpone)|terminating|"
    r"renewing|extending|postponing|that (?:cancels|accepts|declines|asks|confirms|thanks|"
    r"terminates))\b.*)",
    re.I,
)


def find_purpose(text: str) -> str | None:
    """Return what a letter should say: `asking for two more weeks`."""
    found = _PURPOSE.search(text)
    return found[1].strip(" .!?") if found else None


def find_options(text: str) -> tuple[str, ...] | None:
    """Return the groups named after a colon or `into`: `invoices, contracts and letters`."""
    found = re.search(
        r"(?:\binto(?: folders?| groups?| categories)?(?: called| named| for)?|\bas) *"
        r"([\w -]+(?:, *[\w -]+)*(?:,? *(?:and|or) [\w -]+))|: *([\w -]+(?:, *[\w -]+)+)",
        text,
        re.I,
    )
    if found is None:
        return None
    parts = [part.strip() for part in re.split(r",| and | or ", found[1] or found[2])]
    options = tuple(dict.fromkeys(part.removeprefix("and ").strip() for part in parts if part))
    fits = 2 <= len(options) <= 12 and all(len(option.split()) <= 3 for option in options)
    return options if fits else None

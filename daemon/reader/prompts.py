"""The fixed prompts and grammars of the reader; measured for the bundled 135M model.

Pure text, no model code. They hold invented examples only, and never a user's words. `engine` calls
this; changing a line here changes what the model finds, so `tests/daemon/reader` pins examples.
"""

from __future__ import annotations

import json
from typing import Final

NOT_FOUND: Final = "not found"

FIND_ANSWERS: Final = "Facts copied from the text, or not found:"

FIND: Final = f"""\
Text:
Bellamy & Sons Ltd
Bill to: Rosa Hart, 4 Mill Lane
Invoice no. BS-2041 of 12 May 2024
Garden work, 6 hours: 240.00 EUR
Please pay to account 4471 by 1 June.
{FIND_ANSWERS}
- invoice number: BS-2041
- customer: Rosa Hart
- phone number: not found
- company: Bellamy & Sons Ltd

Text:
Hi Tom, the dentist can see Mia on Tuesday at 9.30. Bring the blue card. Love, Grandma Jo
{FIND_ANSWERS}
- who sent it: Grandma Jo
- price: not found
- appointment: Tuesday at 9.30
- invoice number: not found

Text:
"""

CHOOSE: Final = "What kind of document is it?\n\n"
CHOOSE_ANSWER: Final = "Kind:"
BLANK: Final = ("N/A", "...", "Text")

EMBED: Final = "The following text is a document. In one word, its subject and kind:\n"

USUAL: Final = (
    "Dear Sir or Madam, thank you for your letter of last week.",
    "Invoice 123. Total due 100.00. Please pay within 30 days.",
    "Minutes of the meeting. Present: Anna, Ben. The budget was agreed.",
    "Hi, are you free on Sunday? We could walk to the lake.",
    "Chapter 1. It was late when the train left the station.",
    "Name, amount, date. Rent, 900, 1 March. Food, 210, 3 March.",
    "This agreement is made between the tenant and the landlord.",
    "Mix flour, eggs and milk. Bake for forty minutes.",
)


def find_question(ask: str) -> str:
    """Return the line that asks for one thing, up to where the answer starts."""
    plain = " ".join(ask.split())[:120]
    return f"\n- {plain}:"


def choose_question(text: str) -> str:
    """Return the text as the classifier sees it."""
    return f"{text.strip()}\n\n"


def span_grammar(text: str) -> str:
    """Return the grammar of an answer: a run of whole words on one line of `text`, or not found."""
    source = json.dumps({"substring_words": text}, ensure_ascii=False)
    return (
        f'start: " {NOT_FOUND}\\n" | " " SPAN "\\n"\n'
        f"SPAN: %regex {source} & /[^ \\n\\t\\f\\r][^\\n\\t\\f\\r]{{0,119}}/\n"
    )

"""Recognise text in a document that speaks to an assistant instead of to its reader.

It is telemetry for the user, never a gate: a match changes no label and stops nothing, and no match
proves nothing. The document worker calls it inside the sandbox.
"""

from __future__ import annotations

_PATTERNS = (
    r"(?i)\b(ignore|disregard|forget|override)\b.{0,40}\b(previous|prior|above|earlier|all)\b.{0,30}"
    r"\b(instruction|prompt|rule|direction|message|command)s?\b",
    r"(?i)\byou are (now |actually )?(an?|the) .{0,20}"
    r"\b(ai|assistant|agent|language model|chatbot)\b",
    r"(?i)\b(attention|note|instructions?|message) (to|for) (the |any |all )?"
    r"(ai|llm|assistant|agent|language model|chatbot)s?\b",
    r"(?i)\b(as an?|dear|hey|hello) (ai|llm|language model|(ai )?(assistant|agent))\b.{0,60}"
    r"\b(must|should|shall|please|now|send|forward|reply|do not|don't)\b",
    r"(?i)\b(do not|don't|never) (tell|inform|mention|reveal|show).{0,30}\b(the )?user\b",
    r"(?i)\b(reveal|print|repeat|output)\b.{0,30}\b(system prompt|hidden instructions?)\b",
    r"(?i)<\|?(im_start|system|endoftext|start_header_id)\|?>|\[/?INST\]|<</?SYS>>",
    r"(?i)\b(system|developer) ?(prompt|message) ?(:|override)",
)


def speaks_to_an_assistant(text: str) -> bool:
    """Tell whether the text holds a phrase that is aimed at an assistant. Linear time (RE2)."""
    import re2

    joined = " ".join(text.split())
    return any(re2.search(pattern, joined) is not None for pattern in _PATTERNS)

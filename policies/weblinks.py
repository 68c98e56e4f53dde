"""Weblinks: the links and addresses in a text, as whoever shows the text would make them clickable.

It opens nothing and trusts nothing: what looks like a link counts as one. The door takes the links
of every content out as leaves of their own; `provenance` compares links with it.
"""

from __future__ import annotations

import re
import unicodedata

_ENDINGS = (
    "ai|app|at|au|bank|be|biz|blog|br|business|buzz|ca|cam|care|cc|center|cfd|ch|chat|cheap|click|"
    "cloud|club|cn|co|com|company|cyou|cz|date|de|deals|delivery|dev|digital|direct|dk|download|edu|"
    "email|es|eu|example|exchange|exposed|express|fi|finance|fit|fr|fun|fund|game|games|gift|global|"
    "gov|group|gy|help|host|icu|ie|in|info|ink|int|invalid|io|it|jp|kim|life|link|live|loan|lol|ltd|"
    "ly|market|me|media|men|mil|mobi|mom|money|monster|mov|name|net|network|news|nl|no|one|online|"
    "org|page|party|pay|pics|pl|press|pro|pt|pub|pw|quest|rest|review|ru|run|sale|sbs|se|secure|"
    "security|services|sh|shop|site|skin|social|space|store|stream|su|support|surf|systems|team|"
    "tech|test|tk|to|today|tokyo|top|trade|tv|uk|us|vip|wang|watch|website|wiki|win|work|works|"
    "world|wtf|xyz|zip|zone"
)
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}:)?//[^\s<>\"'`]+"
    r"|\b(?:mailto|tel|sms|data|javascript):[^\s<>\"'`]+"
    r"|(?<![\w@])www\.[^\s<>\"'`]+"
    r"|[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|(?<![\w@./-])(?:[\w-]+\.)+(?:{_ENDINGS}|xn--[a-z0-9-]+)(?![\w-])(?::\d+)?(?:[/?#][^\s<>\"'`]*)?"
    r"|(?<![\w@./-])(?:[\w-]+\.)+[^\W\d_]{2,24}(?::\d+)?[/?][^\s<>\"'`]*"
    r"|(?<![\w@./-])(?:[\w-]+\.)+(?=[^\W\d_]*[^\x00-\x7f])[^\W\d_]{2,24}(?![\w-])"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]\d)(?::\d+)?(?:[/?#][^\s<>\"'`]*)?"
    r"|\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?\b"
)
_GLUED = re.compile(rf"(\w\.(?:{_ENDINGS}))\.(?=[A-Z])")
_CLOSING = ".,;:!?)]}*_"


def links_in(text: str) -> tuple[str, ...]:
    """Return every link, mail address and account number (IBAN) of a text, in order, once each.

    Letters that look like others by width or form count as what they stand for, and invisible
    characters do not hide a link.
    """
    seen = unicodedata.normalize("NFKC", text).replace("。", ".").lower()
    if not seen.isascii():  # what is ASCII hides nothing, and most text is
        seen = "".join(each for each in seen if unicodedata.category(each) != "Cf")
    found = (each.rstrip(_CLOSING) for each in _LINK.findall(seen))
    return tuple(dict.fromkeys(each for each in found if len(each) > 3))


def unglued(text: str) -> str:
    """Return text with a space after a full stop that glues a link to the next sentence.

    For what a person typed ("see www.example.com.They are"), never for what is shown: there the
    longer link is the one that would be opened.
    """
    return _GLUED.sub(r"\1. ", text)


def plain_link(link: str) -> str:
    """Return a link as it is compared: without scheme of the web, white space, last slash."""
    folded = "".join(unicodedata.normalize("NFC", link).lower().split())
    return re.sub(r"^(?:https?:)?//", "", folded).rstrip("/")

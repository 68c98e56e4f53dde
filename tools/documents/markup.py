"""Text from web pages and mail messages.

Nothing is fetched, no script runs, no attachment is opened. Hidden text is kept: it is part of what
was written, and the user is told when it speaks to an assistant. `formats` calls it inside the
sandboxed worker.
"""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from doorward.tools.documents.formats import MAX_LINKS, FormatError, Pages, decode

_DROPPED = {"script", "style", "template", "noscript", "head", "svg", "object", "iframe"}
_BLOCK_NAMES = (
    "address article aside blockquote body br caption dd details div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre"
    " section summary table tbody tfoot thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = {"td", "th"}
_MAX_SOURCE = 16_000_000
"""Characters of HTML: a tree takes many times its source in memory."""
_MAX_LINK = 2000
_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_DECLARED = re.compile(rb"""(?i)<meta[^>]{0,200}charset=["']?([a-z0-9_-]{3,20})""")


def html(data: bytes, pages: Pages) -> None:
    """Read a web page: its text, one line a block."""
    source = _decode(data)
    pages.title, text = page_text(source[:_MAX_SOURCE], pages.links)
    if len(source) > _MAX_SOURCE:
        pages.notes.append(f"was cut after {_MAX_SOURCE:,} characters of HTML")
    pages.add(text)


def page_text(source: str, links: list[str] | None = None) -> tuple[str, str]:
    """Return the title and the lines of HTML source.

    Args:
        source: The HTML.
        links: Gets where its links lead, as written; pictures and scripts are none.

    Raises:
        FormatError: When its elements are nested too deeply.
    """
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise FormatError("is nested too deeply to read", "save it from a browser as PDF")
    if root is None:  # nothing but space or comments
        return "", ""
    if links is not None:
        found = [str(anchor.get("href") or "") for anchor in root.iter("a")]
        links += [link for link in found if 0 < len(link) <= _MAX_LINK][:MAX_LINKS]
    title = root.findtext(".//title") or root.findtext(".//h1") or ""
    return title, _lines(root)


def _lines(root: object) -> str:
    from lxml import etree

    pieces: list[str] = []
    dropped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        opening = event == "start"
        if opening and not dropped:
            pieces.append("\n" if tag in _BLOCKS else "")
            pieces.append("" if tag in _DROPPED else _flat(element.text, tag))
        if tag in _DROPPED:
            dropped += 1 if opening else -1
        if not opening and not dropped:
            pieces.append("\n" if tag in _BLOCKS else "\t" if tag in _CELLS else "")
            pieces.append(_flat(element.tail, ""))
    lines = "".join(pieces).split("\n")
    lines = [re.sub(r" *\t *", "\t", re.sub(r" +", " ", line)).strip() for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _flat(text: str | None, tag: str) -> str:
    return (text or "") if tag == "pre" else re.sub(r"\s+", " ", text or "")


def _decode(data: bytes) -> str:
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode(declared[1].decode("ascii"), "replace")
        except LookupError:
            pass
    return decode(data)


def eml(data: bytes, pages: Pages) -> None:
    """Read a mail message: its main headers, its text, and what is attached."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    headers = [(name, _header(message, name)) for name in _HEADERS]
    if not any(value for _, value in headers):
        raise FormatError("is not a mail message: it has no From, To, Date or Subject")
    pages.title = dict(headers)["Subject"]
    lines = [f"{name}: {value}" for name, value in headers if value]
    attached = [name for part in message.walk() if (name := _attachment(part))]
    if attached:
        lines.append(f"Attachments: {', '.join(attached)}")
    pages.add("\n".join([*lines, "", _body(message)]))


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except Exception:  # the parser of hostile addresses raises whatever it likes
        raw = dict(message.raw_items()).get(name, "")
        return " ".join(str(raw).split())


def _attachment(part: EmailMessage) -> str:
    try:
        name = part.get_filename() or ""
    except Exception:  # as above
        name = "(a damaged name)"
    return " ".join(name.split())


def _body(message: EmailMessage) -> str:
    plain = _part(message, "plain")
    if plain.strip():
        return plain
    return page_text(_part(message, "html")[:_MAX_SOURCE])[1]


def _part(message: EmailMessage, subtype: str) -> str:
    for part in message.walk():
        if part.get_content_type() == f"text/{subtype}" and not part.get_filename():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _charset(payload, part.get_content_charset() or "")
    return ""


def _charset(payload: bytes, declared: str) -> str:
    try:
        return payload.decode(declared or "utf-8")
    except (LookupError, UnicodeDecodeError, ValueError):
        return decode(payload) if payload else ""

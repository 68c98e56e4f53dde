"""Names of files, folders and web pages in an objective: quoted, with a suffix, "the X folder".

No file system: whether a name exists is the device's business. It tells a file to read from a file
to write by the words before it. `reading` calls `find_names`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HERE = "."
"""The objective's own folder."""


@dataclass(frozen=True, slots=True)
class Named:
    """One name in the text."""

    value: str
    start: int
    end: int
    """Where the words that name it end, `the … folder` included."""

    @property
    def folder(self) -> str:
        """Return the folder part, `.` when there is none."""
        return self.value.rpartition("/")[0] or (HERE if self.value[:1] != "/" else "/")

    @property
    def name(self) -> str:
        """Return the last part."""
        return self.value.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Names:
    """Every name of one text, by what it is."""

    files: tuple[Named, ...] = ()
    outputs: tuple[Named, ...] = ()
    """Files to be written."""
    folders: tuple[Named, ...] = ()
    phrases: tuple[Named, ...] = ()
    """Other quoted words: a subject, not a place."""
    pages: tuple[Named, ...] = ()
    """Web pages, by their whole addresses."""

    def every(self) -> tuple[Named, ...]:
        """Return all of them in order of place."""
        everything = self.files + self.outputs + self.folders + self.phrases + self.pages
        return tuple(sorted(everything, key=lambda named: named.start))


_SUFFIX = (
    r"(?:pdf|docx?|xlsx?|pptx?|html?|eml|md|csv|tsv|txt|rtf|odt|ods|png|jpe?g|heic|gif|tiff?|zip"
    r"|json|xml|pages|numbers|key)"
)
_PAGE = re.compile(r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"]+", re.I)
_CLOSING = ".,;:!?)]}'"
_QUOTED = re.compile(r'"([^"]{1,200})"|(?<![\w])\'([^\']{1,200})\'(?!\w)')
_FILE = re.compile(rf"(?<![\w/.~-])((?:~?/)?[\w.()+&-]+(?:/[\w.()+&-]+)*\.{_SUFFIX})(?![\w])", re.I)
_FOLDER = re.compile(
    r"(?<![\w/.~:-])((?:~/|\.?/)[\w.+&-]+(?:/[\w.+&-]+)*/?|"
    r"[\w.+&-]*[^\W\d][\w.+&-]*(?:/[\w.+&-]+)*/)"
    r"(?![\w/])"
)
_DEEP = re.compile(
    r"\b(?:in|inside|from|under|within|folder|tidy|sort|organi[sz]e|summari[sz]e) "
    r"([^\W\d][\w.+&-]*(?:/[^\W\d][\w.+&-]*)+)(?![\w/])|\b(?:of|on|"
    r"for) ([A-Z][\w.+&-]*(?:/[^\W\d][\w.+&-]*)+)(?![\w/])"
)
_CALLED = re.compile(
    r"\b(?:the |my |our |a )?(?:folder|directory) (?:called |named )?(?!(?:by|for|of|and|in|to|"
    r"with|"
    r"is|that|into|so|please|from|on|it|called|named|then|as|since|based|according|about|using|"
    r"full|"
    r"what|i|per|where|which|when|using|what|looks?|has|contains?|this|last|after|before)\b)"
    r"([^\W\d_][\w&-]*)"
)
_NAMED = re.compile(
    r"\b(?:the|my|our) ((?!(?:whole|current|entire|same|right|new|other|this|home)\b)"
    r"[\w&'-]+(?: (?!(?:by|for|of|and|in|to|into|from)\b)[\w&'-]+){0,2}) (?:folder|directory)\b",
    re.I,
)
_BARE = re.compile(
    r"\b(?:in|inside|under|from|tidy(?: up)?|of) ([A-Z][\w&-]*) (?:folder|directory)\b"
)
_KNOWN = re.compile(
    r"\b(?:(?:my|the|our) )?(downloads?|desktop)(?: folder)?\b(?! (?:computer|publishing|app))",
    re.I,
)
_CAPITAL = re.compile(
    r"(?<=[a-z,] )(?:my )?(Documents|Pictures|Scans|Inbox|Dropbox|Movies|Music)\b"
)
_NEWS = re.compile(
    r"(?:(?<=\bnew )|(?<=\bchanged )|(?<=\bhappened ))(?:in|inside|under|within) "
    r"([A-Z][a-z]+[\w-]*)(?= *(?:$|[,.;?!]|since |this |last |today|yesterday))"
)
_INSIDE = re.compile(
    r"\b(?:files|everything|all|documents?|scans|duplicates|copies|photos|pdfs|PDFs|look|stuff|"
    r"what is|"
    r"what's|papers|items|things|it|mess|is|are|have|sort|tidy|invoices|subfolders) "
    r"(?:in|inside|under|within) ((?!I\b|English\b|German\b|PDF\b|CSV\b|Markdown\b)"
    r"[A-Z][a-z]+[\w-]*)(?= *(?:$|[,.;?!]|and |into |by |since |please|to |with |that |which ))"
)
_THIS = re.compile(
    r"\b(?:in |from |of )?(?:(?:this|the (?:whole|current|entire|same)|my (?:home|whole)) "
    r"(?:folder|directory|computer)|here\b)",
    re.I,
)
_MAKES = re.compile(
    r"(?:\W*\w+){0,4}?\W*\b(?:put|collect|gather|list|write|extract|make|create|tabulate|save|"
    r"record|export|"
    r"compile|pull|log|store)\b",
    re.I,
)
_ANSWERS = re.compile(
    r"\b(?:reply|answer|response|respond|responding|attention|refers?|according|due|"
    r"compared) to *$",
    re.I,
)
_WRITES = re.compile(
    r"(?:\b(?:into|to|as|called|named|in a (?:new )?(?:file|table|csv|spreadsheet)|output|save|"
    r"saved|"
    r"write|create|make|produce|generate|new file|csv file|file name|filename)"
    r"(?: (?:it|them|that|this|a|the|new|file|called|named|as|to|in|csv|sheet|table|"
    r"spreadsheet))*) *$",
    re.I,
)
_NO_MONTH = re.compile(
    r"^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|q[1-4])", re.I
)


def find_names(text: str) -> Names:
    """Return the files, folders and quoted phrases that a cleaned text names."""
    files: list[Named] = []
    outputs: list[Named] = []
    folders: list[Named] = []
    phrases: list[Named] = []
    pages = _pages(text)
    for found in _QUOTED.finditer(text):
        value = (found[1] or found[2]).strip()
        before, after = text[: found.start()], text[found.end() :]
        if not value or not _free(found, pages):
            continue
        named = Named(value, found.start(), found.end())
        if re.search(rf"\.{_SUFFIX}$", value, re.I):
            (outputs if _is_output(before, csv=value.lower().endswith(".csv")) else files).append(
                named
            )
        elif "/" in value or _is_folder(before, after):
            folders.append(Named(_tidy(value), found.start(), found.end()))
        else:
            phrases.append(named)
    taken = files + outputs + folders + phrases + pages
    for found in _FILE.finditer(text):
        if _free(found, taken):
            named = Named(found[1], found.start(), found.end())
            (
                outputs
                if _is_output(text[: found.start()], csv=found[1].lower().endswith(".csv"))
                else files
            ).append(named)
    taken = files + outputs + folders + phrases + pages
    folders += _folders(text, taken)
    return Names(tuple(files), tuple(outputs), tuple(folders), tuple(phrases), tuple(pages))


def _pages(text: str) -> list[Named]:
    found = ((each, each[0].rstrip(_CLOSING)) for each in _PAGE.finditer(text))
    return [
        Named(
            value if "://" in value else f"https://{value}",
            each.start(),
            each.start() + len(value),
        )
        for each, value in found
    ]


def _is_output(before: str, *, csv: bool) -> bool:
    if csv and _MAKES.match(before) and re.search(r"\bin *$", before):
        return True
    return _WRITES.search(before) is not None and _ANSWERS.search(before) is None


def _is_folder(before: str, after: str) -> bool:
    called = re.search(r"\b(?:folder|directory)(?: called| named)? *$", before, re.I)
    return bool(called or re.match(r" *(?:folder|directory)\b", after, re.I))


def _folders(text: str, taken: list[Named]) -> list[Named]:
    found_all: list[Named] = []
    for pattern in (
        _FOLDER,
        _DEEP,
        _THIS,
        _KNOWN,
        _NAMED,
        _BARE,
        _CALLED,
        _CAPITAL,
        _NEWS,
        _INSIDE,
    ):
        for found in pattern.finditer(text):
            if not _free(found, taken + found_all):
                continue
            value = next(filter(None, found.groups()), HERE)
            if pattern in {_INSIDE, _NEWS, _CALLED} and _NO_MONTH.match(value):
                continue
            if pattern is _KNOWN:
                value = "Desktop" if value.lower() == "desktop" else "Downloads"
            found_all.append(Named(_tidy(value), found.start(), found.end()))
    return sorted(found_all, key=lambda named: named.start)


def _tidy(folder: str) -> str:
    folder = folder.removesuffix("/") or "/"
    return folder.removeprefix("./") or HERE


def _free(found: re.Match[str], taken: list[Named]) -> bool:
    return all(found.end() <= named.start or found.start() >= named.end for named in taken)

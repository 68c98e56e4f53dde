"""The tool `web.get`: one page as text, fetched once, never rendered.

It follows no redirect (where it leads is a result, and a request of its own at the door), loads no
image, script or preview, sends no cookie, no referrer and nothing that tells who asks. HTML is read
in the document worker. What a page says is a stranger's word. The door judges the whole address,
host included, before even its name is looked up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from doorward.policies.labels import Label
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Destination, Effect, Release, Trust
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch, Unreadable
from doorward.tools.documents.client import DocumentReader
from doorward.tools.web.address import WebAddress, joined, web_address
from doorward.tools.web.outgoing import Answer, Outgoing

MAX_BYTES = 5_000_000
"""The largest page that is read."""
SECONDS = 20.0
"""The longest that one page may take, look-up included."""
MAX_LINKS = 500

_HEADERS = (
    (b"User-Agent", b"Doorward"),  # no version, no system: it would tell who asks
    (b"Accept", b"text/html, text/*;q=0.8"),
    (b"Accept-Encoding", b"identity"),
    (b"Connection", b"close"),
)
_NAMES = {
    "text/html": "page.html",
    "application/xhtml+xml": "page.html",
    "text/markdown": "page.md",
    "text/csv": "page.csv",
}


class WebGet:
    """The tool `web.get`."""

    def __init__(self, outgoing: Outgoing, documents: DocumentReader) -> None:
        """Fetch through `outgoing` and read with `documents`."""
        self._outgoing = outgoing
        self._documents = documents

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "web.get",
            "read one web page as text; where it moved to is given as redirect, not followed",
            (Parameter("url", Kind.TEXT, "the whole https address", sink=True),),
            frozenset({Effect.EGRESS}),
            "url, status, redirect, title, text, links",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the address: everything in it leaves."""
        url = web_address(str(arguments["url"]))
        return [Touch(Effect.EGRESS, str(url), destination=Destination("web", url.host))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Fetch what the permit names."""
        url = _permitted(permits)
        try:
            async with asyncio.timeout(SECONDS):
                found, notes = await self._page(url)
        except TimeoutError:
            raise Unreadable(f"cannot read {url.host}: it took longer than {SECONDS:g} s") from None
        public = Label(frozenset({"public"}), Trust.UNTRUSTED, frozenset({f"web:{url.host}"}))
        return Result(found, public, notes)

    async def _page(self, url: WebAddress) -> tuple[Data, tuple[str, ...]]:
        found: dict[str, Data] = {"url": str(url), "redirect": "", "title": "", "text": ""}
        links: list[Data] = []
        found["links"] = links
        async with self._outgoing.request("GET", url, _HEADERS) as answer:
            found["status"] = answer.status
            if answer.status in {301, 302, 303, 307, 308}:
                found["redirect"] = joined(url, answer.header("location"))
                return found, ("it has moved; nothing was fetched from there",)
            name = _name(url, answer)
            data = await _whole(url, answer)
        if not data:
            return found, ()
        page = await self._documents.parse(name, data)
        found["title"], found["text"] = page.title, page.text
        seen = dict.fromkeys(joined(url, link) for link in page.links)
        seen.pop("", None)  # what is no web address
        links += [*seen][:MAX_LINKS]
        return found, tuple(f"{url.host} {note}" for note in page.notes)


def _name(url: WebAddress, answer: Answer) -> str:
    """Return a file name that says what the answer claims to be."""
    kind = answer.header("content-type").partition(";")[0].strip().lower()
    if answer.header("content-encoding").strip().lower() not in {"", "identity"}:
        raise Unreadable(f"cannot read {url.host}: it answered in a packed form, unasked")
    if kind not in _NAMES and not kind.startswith("text/"):
        raise Unreadable(f"cannot read {url.host}: it answered with {kind[:60] or 'no type'}")
    return _NAMES.get(kind, "page.txt")


async def _whole(url: WebAddress, answer: Answer) -> bytes:
    data = bytearray()
    async for chunk in answer.body:
        data += chunk
        if len(data) > MAX_BYTES:
            most = f"{MAX_BYTES // 1_000_000} MB"
            raise Unreadable(f"cannot read {url.host}: the page is larger than {most}")
    return bytes(data)


def _permitted(permits: Sequence[Permit]) -> WebAddress:
    match permits:
        case [permit] if permit.request.effect is Effect.EGRESS:
            if permit.verdict.release is not Release.FULL:
                raise ToolError("cannot run web.get: an address leaves as it is, or not at all")
            return web_address(permit.request.resource)
        case _:
            raise ToolError("cannot run web.get: it needs exactly one permit to send")

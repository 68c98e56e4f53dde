"""Web addresses: one strict reading of a URL, the same for policy, receipt and connection.

It fetches nothing. What two programs could read differently (backslashes, credentials, spaces,
control characters, numbers as hosts) is refused, so that the host which was judged is the host that
is asked. `page` and the outgoing proxy use it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from doorward.policies.addresses import unspeakable
from doorward.tools.base import ToolError

MAX_URL = 2000
"""Characters: more is no address but a message."""

_URL = re.compile(
    r"(?P<scheme>[a-z]+)://(?P<host>[^/?#:@\[\]%]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.IGNORECASE,
)
_ODD = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"`{}|^\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SAFE = "/?:@!$&'()*+,;=-._~%"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """One page's address: always https."""

    host: str
    """Lower case, `xn--` where it is not ASCII."""
    port: int
    target: str
    """Path and query, in ASCII; what the server is told. A fragment is never sent."""

    def __str__(self) -> str:
        """Return the canonical form: what is judged, shown and recorded."""
        port = "" if self.port == 443 else f":{self.port}"
        return f"https://{self.host}{port}{self.target}"


def web_address(url: str) -> WebAddress:
    """Read a URL.

    Raises:
        ToolError: When it is not a plain https address of a named host.
    """
    if len(url) > MAX_URL:
        raise _wrong(f"it has {len(url)} characters; the most is {MAX_URL}")
    if _ODD.search(url):
        raise _wrong("it holds a character that no web address has")
    found = _URL.fullmatch(url)
    if found is None:
        raise _wrong("it is not of the form https://host/path (no user names, no numbers as host)")
    if found["scheme"].lower() != "https":
        raise _wrong(f"it is {found['scheme'].lower()}, and only https is fetched")
    host = host_name(found["host"])
    port = int(found["port"] or 443)
    if not 0 < port < 65536:
        raise _wrong(f"there is no port {port}")
    query = "" if found["query"] is None else f"?{found['query']}"
    return WebAddress(host, port, quote((found["path"] or "/") + query, safe=_SAFE))


def host_name(text: str) -> str:
    """Return a host's one spelling: lower case, `xn--` for what is not ASCII.

    Raises:
        ToolError: When it is no name that may be looked up.
    """
    host = text.lower()
    if not host.isascii():
        import idna

        try:
            labels = [idna.alabel(label).decode("ascii") for label in host.split(".")]
        except idna.IDNAError:
            raise _wrong("its host holds characters that no host name has") from None
        host = ".".join(labels)
    if fault := unspeakable(host):
        raise _wrong(f"of its host: {fault}")
    return host


def joined(page: WebAddress, link: str) -> str:
    """Return where a link on a page leads, or empty when that is no web address."""
    try:
        return str(web_address(urljoin(str(page), link.strip())))
    except (ToolError, ValueError):
        return ""


def _wrong(why: str) -> ToolError:
    error = ToolError(f"cannot use this web address: {why}")
    error.add_note("hint: give the whole address, for example https://example.org/page")
    return error

"""A connector with hosts to reach gets to these and nowhere else, however it tries."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from doorward.daemon.outgoing.credentials import Credentials
from doorward.daemon.outgoing.proxy import Passenger, Proxy
from doorward.daemon.values.vault import Seal
from doorward.tools.connectors.child import Child
from doorward.tools.connectors.described import Connector, ConnectorError, parse, written
from doorward.tools.connectors.walls import Ground, order

from tests.tools.websites import LOOPBACK, Website, page, website

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a network namespace")

PROGRAM = """
import json, os, socket, ssl, sys
from urllib.parse import urlsplit
from base64 import b64encode

port, trust, sentinel = int(sys.argv[1]), sys.argv[2], sys.argv[3]
proxy = urlsplit(os.environ["HTTPS_PROXY"])
token = b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()

def attempt(action):
    try:
        return action()
    except OSError as error:
        return type(error).__name__

def asked(text, host=""):
    opened = socket.create_connection((proxy.hostname, proxy.port), 4)
    opened.sendall(text.encode())
    if host:
        assert b" 200 " in opened.recv(4096)
        opened = ssl.create_default_context(cafile=trust).wrap_socket(opened, server_hostname=host)
        opened.sendall(f"GET /a HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n".encode())
    heard = b""
    while some := opened.recv(4096):
        heard += some
    return heard.decode()

def connect(host, shown=token):
    head = f"CONNECT {host}:{port} HTTP/1.1\\r\\nHost: {host}\\r\\n"
    return f"{head}Proxy-Authorization: Basic {shown}\\r\\n\\r\\n"

def directly(family, kind, place):
    with socket.socket(family, kind) as opened:
        opened.settimeout(1)
        opened.connect(place)
        return "reached"

def datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        return opened.sendto(b"x", ("192.0.2.1", 53))

INET, TCP = socket.AF_INET, socket.SOCK_STREAM
said = {
    "mine": attempt(lambda: asked(connect("api.example.org"), "api.example.org")),
    "other": attempt(lambda: asked(connect("evil.example.org"))),
    "nobody": attempt(lambda: asked(connect("api.example.org", "bm86Ym9keQ=="))),
    "signed": attempt(lambda: asked(
        f"GET http://api.example.org/a HTTP/1.1\\r\\nHost: api.example.org\\r\\n"
        f"Authorization: Bearer {sentinel}\\r\\nProxy-Authorization: Basic {token}\\r\\n\\r\\n")),
    "loopback": attempt(lambda: directly(INET, TCP, ("127.0.0.1", port))),
    "address": attempt(lambda: directly(INET, TCP, ("192.0.2.1", proxy.port))),
    "datagram": attempt(datagram),
    "raw": attempt(lambda: socket.socket(INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) and "made"),
    "unix": attempt(lambda: directly(socket.AF_UNIX, TCP, "/run/dbus/system_bus_socket")),
    "netlink": attempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) and "made"),
    "name": attempt(lambda: socket.getaddrinfo("api.example.org", 443) and "found"),
}
print(json.dumps(said), flush=True)
sys.stdin.read()
"""


class Told:
    """Keeps what was let through."""

    def __init__(self) -> None:
        self.through_to: list[str] = []
        self.not_to: list[str] = []

    def through(self, connector: str, host: str) -> None:
        self.through_to.append(host)

    def refused(self, connector: str, host: str, why: str) -> None:
        self.not_to.append(host)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Website]:
    held = tmp_path / "site"
    held.mkdir()
    async with website(held, ["api.example.org", "evil.example.org"], {"/a": page(b"hello")}) as a:
        yield a


@asynccontextmanager
async def running(tmp_path: Path, *arguments: str) -> AsyncIterator[tuple[Child, str]]:
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "home").mkdir(exist_ok=True)
    program = tmp_path / "code" / "serve.py"
    program.parent.mkdir()
    program.write_text(PROGRAM, encoding="utf-8")
    connector = Connector(
        name="shop",
        command=(sys.executable, "-I", "-S", str(program), *arguments),
        read=(str(program.parent), str(tmp_path / "site")),
        net=("api.example.org",),
    )
    started = order(connector, Ground(tmp_path / "home", tmp_path / "state"))
    child = await Child.start("shop", started, tmp_path / "home")
    try:
        yield child, started.proxy.partition(":")[2]
    finally:
        await child.close()


async def test_a_connector_reaches_its_own_hosts_through_the_proxy_and_nothing_else(
    tmp_path: Path, site: Website
) -> None:
    names = {"api.example.org": [LOOPBACK], "evil.example.org": [LOOPBACK]}
    outgoing, resolver = site.outgoing(names)
    told = Told()
    credentials = Credentials(sqlite3.connect(":memory:", isolation_level=None), Seal(b"k" * 32))
    made = credentials.add("shop", "api.example.org", "real-value-1")
    proxy = Proxy(outgoing, credentials.all, told, port=site.port)
    trust = str(tmp_path / "site" / "site.pem")
    async with (
        running(tmp_path, str(site.port), trust, made.sentinel) as (child, token),
    ):
        assert child.way is not None
        passenger = Passenger("shop", token, frozenset({"api.example.org"}))
        async with proxy.serve(passenger, child.way):
            said = json.loads(await child.stdout.readline() or "{}")
    assert said["mine"].endswith("hello")
    assert "\r\nhello\r\n" in said["signed"]
    assert " 403 " in said["other"].splitlines()[0]
    assert " 407 " in said["nobody"].splitlines()[0]
    walled = ("loopback", "address", "datagram", "raw", "unix", "netlink", "name")
    assert {name: said[name] for name in walled} == {
        "loopback": "ConnectionRefusedError",
        "address": "OSError",
        "datagram": "OSError",
        "raw": "PermissionError",
        "unix": "PermissionError",
        "netlink": "PermissionError",
        "name": "gaierror",
    }
    assert told.through_to == ["api.example.org"] * 2
    assert told.not_to == ["evil.example.org"]
    assert set(resolver.asked) == {"api.example.org"}
    heard = b"".join(site.heard)
    assert b"Bearer real-value-1" in heard
    assert made.sentinel.encode() not in heard


def test_hosts_are_written_as_names_and_read_back() -> None:
    text = '[connector.shop]\ncommand = ["/bin/x"]\nsandbox = { net = ["API.example.org:443"] }\n'
    made = parse(text)["shop"]
    assert made.net == ("api.example.org",)
    assert parse(written(made)) == {"shop": made}


@pytest.mark.parametrize("host", ["*", "*.example.org", "127.0.0.1", "a.example.org:22", "x y", ""])
def test_what_is_no_host_is_none(host: str) -> None:
    text = f'[connector.shop]\ncommand = ["/bin/x"]\nsandbox = {{ net = ["{host}"] }}\n'
    with pytest.raises(ConnectorError):
        parse(text)

"""Floors: what no rule, grant or approval can lift, because losing it would lose everything else.

Not configurable and not the place for taste: an ordinary "never" is a locked rule in the policy
file. `document` adds the folders that depend on the home; `conditions` asks here first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Final
from unicodedata import category

from doorward.policies.patterns import Patterns, paths
from doorward.policies.vocabulary import Effect

LOCAL_ONLY: Final = "local_only"
"""An obligation, and the tag of what was read under it: it leaves as a shape at most."""

CHANGES: Final = frozenset({Effect.WRITE, Effect.DESTROY})
"""The effects that change something on this device."""


@dataclass(frozen=True, slots=True)
class Floor:
    """Paths and the effects that they never undergo."""

    id: str
    paths: Patterns
    effects: frozenset[Effect]
    why: str


_KEYS = (
    "**/{.ssh,.gnupg,.password-store,.pki}/**",
    "**/id_{rsa,dsa,ecdsa,ecdsa_sk,ed25519,ed25519_sk}",
    "**/{Library/Keychains,.local/share/keyrings,.local/share/kwalletd}/**",
    "**/*.{keychain,keychain-db,keyring,kdbx,agilekeychain,opvault}",
)
_SECRETS = (
    "**/{.env,.env.*}",
    "**/.{aws,azure,kube,docker}/**",
    "**/*.{pem,p12,pfx,ppk,jks}",
    "**/.{netrc,pgpass,npmrc,pypirc,git-credentials}",
    "**/{passwords,secrets}{,.*}/**",
)
_BROWSERS = (
    "**/Library/{Safari,Cookies,WebKit}/**",
    "**/Library/Containers/com.apple.Safari/**",
    "**/Library/Application Support/"
    "{Google/Chrome*,Chromium,Firefox,Microsoft Edge*,BraveSoftware,Arc,Vivaldi}/**",
    "**/{.mozilla,.librewolf,snap/firefox,snap/chromium}/**",
    "**/.config/{google-chrome*,chromium,BraveSoftware,microsoft-edge*,vivaldi*,opera*}/**",
    "**/.var/app/{org.mozilla.firefox,com.google.Chrome,org.chromium.Chromium}/**",
)
_DOORWARD = (
    "**/{.config,.cache,.local/share,.local/state}/doorward/**",
    "**/Library/{Application Support,Caches,Logs,Preferences}/doorward/**",
)
_STARTUP = (
    "**/.{zshrc,zshenv,zprofile,zlogin,zlogout,profile,login,cshrc,tcshrc,kshrc,inputrc}",
    "**/.bash{rc,_profile,_login,_logout,_aliases}",
    "**/.config/{fish,autostart,systemd,environment.d}/**",
    "**/Library/{LaunchAgents,LaunchDaemons,StartupItems}/**",
    "**/.git/{config,hooks/**}",
    "**/{.mcp.json,AGENTS.md,CLAUDE.md,.envrc}",
)
_OUTLINE = (
    "/",
    "/*",
    "~",
    "~/{Library,.config,.local,.local/share,.local/state,.cache}",
    "~/Library/{Application Support,Caches,Logs,Preferences,Containers}",
)
_OWN = "Doorward never touches its own policy, vault and receipts on behalf of an objective"
_ALONG = "moving or deleting this folder would take everything in it along"
_ENDS = ("/", "/.", "/..")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@cache
def built_in() -> tuple[Floor, ...]:
    """Return the floors that need to know nothing of this device."""
    everything = frozenset(Effect)
    return (
        Floor(
            "floor.keys",
            paths(_KEYS, "/"),
            everything,
            "keys and key chains open everything else, so they are never touched",
        ),
        Floor(
            "floor.secrets",
            paths(_SECRETS, "/"),
            everything,
            "passwords and access keys are never needed",
        ),
        Floor(
            "floor.browsers",
            paths(_BROWSERS, "/"),
            everything,
            "a browser's folder holds your sessions and passwords",
        ),
        Floor(
            "floor.doorward",
            paths(_DOORWARD, "/"),
            everything,
            _OWN,
        ),
        Floor(
            "floor.startup",
            paths(_STARTUP, "/"),
            CHANGES,
            "other programs run or obey this file",
        ),
    )


def for_device(home: str, own: tuple[str, ...] = ()) -> tuple[Floor, ...]:
    """Return the floors of one device, beyond the built-in ones.

    Args:
        home: The user's home folder, absolute.
        own: Further folders that are Doorward's own, absolute.
    """
    everything = frozenset(Effect)
    floors = [Floor("floor.home", paths(_OUTLINE, home), CHANGES, _ALONG)]
    for folder in own:
        floors.append(Floor("floor.doorward", paths(["~/**"], folder), everything, _OWN))
        floors += (
            Floor("floor.home", paths(["~"], str(parent)), CHANGES, _ALONG)
            for parent in PurePosixPath(folder).parents
        )
    return tuple(floors)


def unclear(path: str) -> bool:
    """Tell whether a path is not what the door hands on: resolved, readable, one way to read it.

    It is refused, never tidied: `a/../b` may be another file than the rules were asked about.
    """
    inside = "//" in path or "/./" in path or "/../" in path
    if inside or (path.endswith(_ENDS) and path != "/"):
        return True
    if path.isascii():
        return not path.isprintable()
    return any(category(each) in {"Cc", "Cs"} or each in _TURNS for each in path)

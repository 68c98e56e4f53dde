"""Fetch a model from the hub: the user's own command, in the foreground, never the daemon.

Only weights, tables and tokenizer files are taken, at one commit; no code of the repository is
taken, and none is run. Each file is held against the checksum that the hub itself tells, which is
remembered at the first fetch: that is trust on first use, and is said so. What was interrupted goes
on where it stopped, and nothing stands under the model's name before all of it is there.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urljoin

from doorward.daemon.models.chosen import FILE as CHOSEN
from doorward.daemon.models.fetch import failed, no_room, put
from doorward.daemon.models.registry import (
    FETCHED,
    OURS,
    Fetched,
    Model,
    known,
    remember,
    remembered,
    sha256,
)
from doorward.tools.base import ToolError
from doorward.tools.web.address import WebAddress, host_name
from doorward.tools.web.outgoing import Answer, Outgoing

HUB: Final = "https://huggingface.co"
REPOSITORY: Final = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")
"""What `owner/name` looks like."""
_TAKEN: Final = re.compile(
    r"[\w-][\w.-]*\.(safetensors|gguf|jinja)|merges\.txt|vocab\.txt"
    r"|(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens"
    r"|vocab|adapter_config|model\.safetensors\.index)\.json"
)
_URL: Final = re.compile(r"https://([^/?#@\[\]]+?)(?::([0-9]{1,5}))?(/[!-~]*)?")
_TURNS: Final = 5
"""Redirects that are followed: the hub keeps files at other hosts."""
_MOST_ANSWER: Final = 5_000_000
_STEP: Final = 50_000_000
"""Bytes between two words of progress."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One file as the hub lists it."""

    name: str
    size: int
    sha256: str
    """Empty for small files."""
    blob: str
    """Git's SHA-1 of it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as the hub has it now: what the user agrees to before anything is fetched."""

    model: Model
    commit: str
    licence: str
    files: tuple[Listed, ...]

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def source(self) -> str:
        """Say exactly where it comes from."""
        return f"hub:{self.model.hub}@{self.commit}"


class Hub:
    """The hub, reached through the one way out."""

    def __init__(self, outgoing: Outgoing, base: str = HUB) -> None:
        """Use the hub at `base`."""
        self._outgoing = outgoing
        self._base = base

    async def offer(self, model: Model) -> Offer:
        """Ask what there is, without fetching it.

        Raises:
            FetchError: The hub cannot be reached, does not have it, or keeps it behind a gate.
        """
        where = f"{self._base}/api/models/{model.hub}"
        about = await self._json(f"{where}/revision/{quote(model.revision, safe='')}")
        if not isinstance(about, dict):
            raise failed(f"the hub does not say what {model.hub} is")
        commit, card = about.get("sha"), about.get("cardData")
        if not isinstance(commit, str) or not re.fullmatch("[0-9a-f]{40}", commit):
            raise failed(f"the hub does not say which commit of {model.hub} it has")
        if about.get("gated"):
            raise failed(f"{model.hub} is given out only to people who sign in, which is not done")
        licence = card.get("license") if isinstance(card, dict) else None
        tree = await self._json(f"{where}/tree/{commit}")
        if not isinstance(tree, list) or not all(isinstance(each, dict) for each in tree):
            raise failed(f"the hub does not list the files of {model.hub}")
        files = tuple(_listed(each) for each in tree if _TAKEN.fullmatch(str(each.get("path", ""))))
        if not any(file.name.endswith((".safetensors", ".gguf")) for file in files):
            raise failed(f"{model.hub} has no weights as safetensors or GGUF")
        return Offer(model, commit, str(licence or "not said"), files)

    async def fetch(self, offer: Offer, folder: Path, progress: Callable[[str], object]) -> Path:
        """Put what was offered into `folder`, and return its path.

        Raises:
            FetchError: It cannot be fetched, is not what the hub, or an earlier fetch, said, or
                would stand in another model's place.
            NoRoom: The disk is full.
        """
        name = offer.model.name
        _check_place(offer.model, folder)
        draft = folder / f".part-{name}-{offer.commit[:12]}"
        try:
            draft.mkdir(mode=0o700, parents=True, exist_ok=True)
            there = sum(each.stat().st_size for each in draft.iterdir())
            if shutil.disk_usage(folder).free < offer.size - there:
                raise OSError(28, "there is not enough room on the disk")
            sums: dict[str, str] = {}
            for file in offer.files:
                await self._file(offer, file, draft / file.name, progress)
                sums[file.name] = sha256(draft / file.name)
            _trusted(offer, sums, remembered(folder).get(name))
            put(draft, folder / name)
            remember(folder, Fetched(name, offer.source, offer.licence, sums))
        except OSError as error:
            raise no_room(folder, offer.model, error) from error
        return folder / name

    async def _file(
        self, offer: Offer, file: Listed, target: Path, progress: Callable[[str], object]
    ) -> None:
        part = target.with_name(f"{target.name}.part")
        if target.is_file():
            return  # an earlier run fetched and checked it
        have = part.stat().st_size if part.is_file() else 0
        if have < file.size:
            progress(f"Fetching {file.name} ({_megabytes(file.size)}).")
            url = f"{self._base}/{offer.model.hub}/resolve/{offer.commit}/{quote(file.name)}"
            await self._download(url, part, have, file.size, progress)
        elif file.size == 0:
            part.touch()
        if not _whole(part, file):
            part.unlink(missing_ok=True)
            raise failed(f"{file.name} is not what the hub says it is: its checksum differs")
        part.replace(target)

    async def _download(
        self, url: str, part: Path, have: int, size: int, progress: Callable[[str], object]
    ) -> None:
        headers = [(b"Range", f"bytes={have}-".encode())] if have else []
        for _ in range(_TURNS):
            try:
                async with self._outgoing.request(
                    "GET", _address(url), [*_HEADERS, *headers]
                ) as answer:
                    if 300 <= answer.status < 400:
                        url = urljoin(url, answer.header("location"))
                        continue
                    await _keep(answer, part, have, size, progress)
                    return
            except ToolError as error:
                raise failed(f"cannot fetch {part.stem}: {error}") from error
        raise failed(f"cannot fetch {part.stem}: the hub leads on and on")

    async def _json(self, url: str) -> Any:
        for _ in range(_TURNS):
            try:
                async with self._outgoing.request("GET", _address(url), _HEADERS) as answer:
                    if 300 <= answer.status < 400:
                        url = urljoin(url, answer.header("location"))
                        continue
                    if answer.status != 200:
                        raise failed(f"the hub answered {answer.status} for {url}")
                    held = bytearray()
                    async for piece in answer.body:
                        held += piece
                        if len(held) > _MOST_ANSWER:
                            raise failed("the hub's answer is too long to be a list of files")
                    return json.loads(held)
            except ToolError as error:
                raise failed(f"cannot ask the hub: {error}") from error
            except (ValueError, RecursionError) as error:
                raise failed("the hub's answer is not JSON") from error
        raise failed("the hub leads on and on")


_HEADERS: Final = ((b"User-Agent", b"Doorward"), (b"Accept", b"*/*"))


def at_the_hub(name: str) -> Model:
    """Return a model by `owner/name` or `owner/name@revision`; what we know as we know it."""
    repository, _, revision = name.partition("@")
    for model in known():
        if model.hub == repository and not revision:
            return model
    return Model(repository.partition("/")[2], (), hub=repository, revision=revision or "main")


async def _keep(
    answer: Answer, part: Path, have: int, size: int, progress: Callable[[str], object]
) -> None:
    """Write a body behind what is there; an answer from the start replaces it."""
    if answer.status not in {200, 206}:
        raise failed(f"the hub answered {answer.status} for {part.stem}")
    whole = answer.status == 200
    told = written = 0 if whole else have
    with part.open("wb" if whole else "ab") as out:
        async for piece in answer.body:
            written += len(piece)
            if written > size:
                break
            out.write(piece)
            if written - told >= _STEP:
                told = written
                progress(f"{_megabytes(written)} of {_megabytes(size)}.")
    if written > size:
        part.unlink()
        raise failed(f"{part.stem} is longer than the hub says")
    if written < size:
        raise failed(f"the connection broke at {_megabytes(written)} of {_megabytes(size)}")


def _check_place(model: Model, folder: Path) -> None:
    """Refuse a repository that is called what another model is called: it would be taken for it."""
    before = remembered(folder).get(model.name)
    ours = before is not None and before.source.startswith(f"hub:{model.hub}@")
    if (
        model.name in {*OURS, FETCHED, CHOSEN}
        or any(each.name == model.name and each.hub != model.hub for each in known())
        or ((folder / model.name).exists() and not ours)
    ):
        raise failed(f"{model.hub} has another model's name, {model.name}, and would replace it")


def _trusted(offer: Offer, sums: Mapping[str, str], before: Fetched | None) -> None:
    """Refuse what differs from what was known, or trusted when the same commit was fetched."""
    wrong = [name for name, known in offer.model.sha256.items() if sums.get(name) != known]
    if before is not None and before.source == offer.source:
        wrong += [name for name, known in before.files.items() if sums.get(name) != known]
    if wrong:
        raise failed(f"{wrong[0]} is not the file that it was: its SHA-256 differs")


def _listed(each: Mapping[str, Any]) -> Listed:
    large = each.get("lfs")
    digest = str(large.get("oid", "")) if isinstance(large, dict) else ""
    size = each.get("size")
    if not isinstance(size, int) or size < 0:
        raise failed("the hub's list of files has no sizes")
    return Listed(str(each["path"]), size, digest, str(each.get("oid", "")))


def _whole(path: Path, file: Listed) -> bool:
    """Hold a file against what the hub says: SHA-256 of large ones, Git's SHA-1 of small ones."""
    if not path.is_file() or path.stat().st_size != file.size:
        return False
    if file.sha256:
        return sha256(path) == file.sha256
    blob = hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    blob.update(path.read_bytes())
    return blob.hexdigest() == file.blob


def _address(url: str) -> WebAddress:
    """Read an address of the hub's: signed ones are longer than a page's, and kept as they are."""
    found = _URL.fullmatch(url)
    if found is None or len(url) > 8000:
        raise failed(f"the hub leads to what is no https address: {url[:80]}")
    return WebAddress(host_name(found[1]), int(found[2] or 443), found[3] or "/")


def _megabytes(size: int) -> str:
    return f"{max(1, round(size / 1_000_000)):,} MB"


def clear_parts(folder: Path, name: str) -> None:
    """Remove what an interrupted fetch of a model left."""
    for path in folder.glob(f".part-{name}-*"):
        with suppress(OSError):
            shutil.rmtree(path)

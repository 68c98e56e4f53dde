"""The local model at the door: a program of the user's asks it, policy decides, a receipt says so.

Whoever may open the control socket can ask; what it asks with is not known here, so it counts as
policy says of what nobody has described. The model has no network, files or tools, and its answer
goes to the caller alone; neither is kept, logged or in the receipt. `daemon.control.openai` calls
it; the reader does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from doorward.daemon.door.admission import Admission
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.receipts.entries import Sent
from doorward.policies.permit import Permit
from doorward.policies.requests import Verdict
from doorward.policies.rules import label_of
from doorward.policies.vocabulary import LOCAL_MODEL, Data, Effect, ObjectiveId, Release
from doorward.tools.reading.reader import Prompt, Reader, ReaderError, Terms, Urgency, Written

WRITE, EMBED = "model.write", "model.embed"
"""What a policy's rules call the two in `tools`."""
AT_ONCE = 16
"""Calls answered at once: a program that asks without end fills neither ledger nor memory."""
PROGRAM = Terms(Urgency.PROGRAM)
"""How soon: after whatever the user's own objectives wait for."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Policy does not let it be asked."""

    verdict: Verdict

    def __str__(self) -> str:
        """Say which rule, where it stands, why, and what would change it."""
        verdict = self.verdict
        where = f"rule {verdict.rule}" + (f", line {verdict.line}" if verdict.line else "")
        asks = " Nobody can be asked here." if verdict.decision == "ask" else ""
        return f"policy refuses it ({where}): {verdict.reason}{asks} {verdict.change}"


class BusyError(ReaderError):
    """So many calls are being answered that another would only wait."""

    retryable = True


@dataclass(slots=True)
class Calls:
    """The calls that are being answered."""

    open: int = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count one for as long as it takes."""
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1


@dataclass(frozen=True, slots=True)
class Admitted:
    """One call that policy lets through; it can do no other."""

    permit: Permit
    _reader: Reader
    _calls: Calls

    async def write(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Data] | None,
        tokens: int,
        heard: Callable[[str], None] | None = None,
    ) -> Written:
        """Have the model write.

        Raises:
            ReaderError: It could not.
            ValueError: The schema is none.
        """
        with self._calls.one():
            return await self._reader.write(
                prompt, schema=schema, tokens=tokens, heard=heard, terms=PROGRAM
            )

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Have texts turned into vectors.

        Raises:
            ReaderError: It could not.
        """
        with self._calls.one():
            return await self._reader.embed(texts, PROGRAM)


@dataclass(frozen=True, slots=True)
class LocalModel:
    """The reader, behind the door."""

    admission: Admission
    reader: Reader
    new_id: Callable[[], str]
    calls: Calls = field(default_factory=Calls)

    def ask(self, tool: str, size: int) -> Admitted | Refused:
        """Have one call judged, and its verdict written down before anything else.

        Args:
            tool: `WRITE` or `EMBED`.
            size: Bytes of what is asked with.

        Raises:
            BusyError: `AT_ONCE` calls are being answered.
        """
        if self.calls.open >= AT_ONCE:
            msg = f"{AT_ONCE} calls are being answered; try again when one has ended"
            raise BusyError(msg)
        policy, moment = self.admission.policy(), self.admission.clock()
        call = Objective(ObjectiveId(f"m-{self.new_id()}"), "", "", moment.utc[:10], moment.utc)
        request = replace(
            self.admission.request(call, "", tool, Effect.EGRESS),
            resource=str(LOCAL_MODEL),
            label=label_of(str(LOCAL_MODEL), policy, tool=tool),
            destination=LOCAL_MODEL,
            release=Release.FULL,
            size=size,
        )
        judged = self.admission.judge(request)
        permitted = isinstance(judged.outcome, Permit) and judged.verdict.release is Release.FULL
        kind = "crossing" if permitted else "verdict"
        self.admission.record(kind, call, [judged], Sent(size=size if permitted else 0))
        if isinstance(judged.outcome, Permit) and permitted:
            return Admitted(judged.outcome, self.reader, self.calls)
        self.admission.usage.give_back(call.id)
        return Refused(judged.verdict)

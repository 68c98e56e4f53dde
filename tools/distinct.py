"""The tool `documents.distinct`: each text once, so that a copy of an invoice is not paid twice.

It compares documents that are values already and opens nothing. Two files count as copies when
they say the same, white space aside, whatever they are called. `daemon.toolbox` lists it.
"""

from __future__ import annotations

from collections.abc import Sequence

from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data
from doorward.tools.base import Arguments, Context, Result, Touch
from doorward.tools.read_documents import Document, documents


class DocumentsDistinct:
    """Keep one of each text, and name the copies."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "documents.distinct",
            "keep one of the documents that say exactly the same, and name the copies",
            (Parameter("documents", Kind.RECORD, "as documents.text returns", many=True),),
            frozenset(),
            "items[] (as documents.text returns), copies[] {path same_as}, count",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Touch nothing: documents are values already."""
        return ()

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Compare the texts."""
        kept, copies = distinct(documents(arguments["documents"]))
        data: dict[str, Data] = {
            "items": [item.record for item in kept],
            "copies": [{"path": path, "same_as": same_as} for path, same_as in copies],
            "count": len(kept),
        }
        return Result(data, NEUTRAL)


def distinct(items: Sequence[Document]) -> tuple[list[Document], list[tuple[str, str]]]:
    """Return the documents without copies, in order, and each copy with the path of the one kept.

    The one kept has the shortest path: the choice does not depend on the order of the search.
    """
    groups: dict[str, list[Document]] = {}
    for place, item in enumerate(items):
        said = " ".join(item.text.split())
        groups.setdefault(said or f"\0{place}", []).append(item)
    first = {id(min(group, key=_order)) for group in groups.values()}
    copies = [
        (item.path, min(group, key=_order).path)
        for group in groups.values()
        for item in group
        if id(item) not in first
    ]
    return [item for item in items if id(item) in first], sorted(copies)


def _order(item: Document) -> tuple[int, str]:
    return len(item.path), item.path

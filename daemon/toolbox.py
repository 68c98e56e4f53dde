"""Every tool that the daemon has, by name: the one list to add a line to.

It constructs and decides nothing else. `daemon.main` calls it with the shared parts.
"""

from __future__ import annotations

from doorward.tools.base import Tool
from doorward.tools.documents.client import DocumentReader, DocumentText
from doorward.tools.files.arrange import FilesArrange
from doorward.tools.files.change import FilesMove, FilesTrash, FilesWrite
from doorward.tools.files.duplicates import FilesDuplicates
from doorward.tools.files.look import FilesFind, FilesList, FilesRead
from doorward.tools.files.meaning import Meaning
from doorward.tools.files.search import SearchFind
from doorward.tools.files.suggest import LabelsSuggest
from doorward.tools.reading.classify import Taught, nothing
from doorward.tools.reading.read import (
    ReadAnswer,
    ReadClassify,
    ReadDraft,
    ReadExtract,
    ReadName,
    ReadPromises,
    ReadSelect,
    ReadSummarise,
)
from doorward.tools.reading.reader import Reader
from doorward.tools.reading.tables import TablesCsv
from doorward.tools.web.outgoing import Outgoing
from doorward.tools.web.page import WebGet


def toolbox(
    documents: DocumentReader,
    reader: Reader,
    outgoing: Outgoing,
    taught: Taught = nothing,
    meaning: Meaning | None = None,
) -> dict[str, Tool]:
    """Return the tools by name.

    Args:
        documents: Reads documents.
        reader: Reads with the small model.
        outgoing: The way out.
        taught: Gives what the user said documents really are.
        meaning: Compares meanings; without it, searches go by words alone.
    """
    made: list[Tool] = [
        FilesList(),
        FilesFind(),
        FilesRead(),
        FilesWrite(),
        FilesMove(),
        FilesTrash(),
        FilesDuplicates(),
        FilesArrange(),
        TablesCsv(),
        DocumentText(documents),
        SearchFind(documents, meaning),
        LabelsSuggest(documents, reader),
        ReadSelect(),
        ReadExtract(reader),
        ReadClassify(reader, taught),
        ReadSummarise(reader),
        ReadAnswer(),
        ReadPromises(),
        ReadName(),
        ReadDraft(),
        WebGet(outgoing, documents),
    ]
    return {tool.spec.name: tool for tool in made}

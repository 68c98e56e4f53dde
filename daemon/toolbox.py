"""Every tool that the daemon has, by name: the one list to add a line to.

It constructs and decides nothing else. `daemon.main` calls it with the shared parts.
"""

from __future__ import annotations

from doorward.tools.arrange import FilesArrange
from doorward.tools.base import Tool
from doorward.tools.documents import DocumentReader, DocumentText
from doorward.tools.duplicates import FilesDuplicates
from doorward.tools.files import FilesFind, FilesList, FilesRead
from doorward.tools.files_change import FilesMove, FilesTrash, FilesWrite
from doorward.tools.outgoing import Outgoing
from doorward.tools.read import (
    ReadAnswer,
    ReadClassify,
    ReadDraft,
    ReadExtract,
    ReadName,
    ReadPromises,
    ReadSelect,
    ReadSummarise,
)
from doorward.tools.reader import Reader
from doorward.tools.search import SearchFind
from doorward.tools.tables import TablesCsv
from doorward.tools.web import WebGet


def toolbox(documents: DocumentReader, reader: Reader, outgoing: Outgoing) -> dict[str, Tool]:
    """Return the tools by name."""
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
        SearchFind(documents),
        ReadSelect(),
        ReadExtract(reader),
        ReadClassify(reader),
        ReadSummarise(),
        ReadAnswer(),
        ReadPromises(),
        ReadName(),
        ReadDraft(),
        WebGet(outgoing, documents),
    ]
    return {tool.spec.name: tool for tool in made}

"""Objectives as people type them, over the sample home: the README's, and twenty more.

It asks nothing. `scripts/bench/friction` and tests/canaries do.
"""

from __future__ import annotations

from tests.faults.household import EXTRACT

README = (
    EXTRACT,
    "find documents about my lease",
    "find documents about the boiler",
    "when does my lease end?",
    "put the vendor, date and total of every invoice into invoices.csv",
    "how much did I spend on invoices last month?",
    "which invoices are unpaid?",
    "file last month's invoices",
    "tidy my Downloads folder",
    "sort the Scans folder by topic",
    "rename the files in Scans by what they contain",
    "find duplicate files",
    "delete duplicate files",
    "summarise Invoice-7731.pdf",
    "summarise what changed since Monday",
    "what did I promise whom by when?",
    'draft a reply to "Third quarter.eml"',
)
"""Every objective of the README; two name a file that the sample home has."""
MORE = (
    "how much is my monthly rent?",
    "what is the notice period of my lease?",
    "find everything about the trip to Bologna",
    "where is my tax assessment?",
    "list my contracts",
    "list all letters from 2026",
    "show me all PDFs in Downloads/",
    "which files changed this week?",
    "how many files are in my Downloads folder?",
    "what is in the Versicherung folder?",
    "summarise the documents in Documents/Kunden",
    'summarise "Mail/Inbox/Winter blend.eml" into winter.md',
    'what does "Documents/Versicherung/brief.pdf" say about water damage?',
    "make a spreadsheet of all my contracts with parties and start date",
    "which invoices from October are unpaid?",
    "file last month's invoices and tell me what is unpaid",
    "sort the files in my Downloads folder by date",
    "tidy the Scans folder by month",
    'rename "Documents/Scans/Lieferschein.pdf" by its content',
    "draft a letter to cancel my lease",
)
"""What else a person of that home would ask for."""

"""Names, fields and subjects, read from an objective's text."""

from __future__ import annotations

from datetime import date

import pytest
from doorward.cloud_bridge.orchestrator.planner.fields import find_fields, money_field
from doorward.cloud_bridge.orchestrator.planner.paths import find_names
from doorward.cloud_bridge.orchestrator.planner.reading import qualifier, read
from doorward.cloud_bridge.orchestrator.planner.topics import find_kind, find_options, find_topic


@pytest.mark.parametrize(
    ("text", "files", "outputs", "folders"),
    [
        ("put the total of every invoice into invoices.csv", [], ["invoices.csv"], []),
        ('sum up "Annual report.pdf" into sum.md', ["Annual report.pdf"], ["sum.md"], []),
        ("draft a reply to Letters/landlord.txt", ["Letters/landlord.txt"], [], []),
        ("collect the vendor of all bills in bills.csv", [], ["bills.csv"], []),
        ("according to offer.pdf, when?", ["offer.pdf"], [], []),
        ("tidy my Downloads folder", [], [], ["Downloads"]),
        ("organise the Tax Papers folder", [], [], ["Tax Papers"]),
        ("summarise everything in Projects/Alpha", [], [], ["Projects/Alpha"]),
        ('sort the files in "Old stuff/" by date', [], [], ["Old stuff"]),
        ("look in ~/Papers for it", [], [], ["~/Papers"]),
        ("sort this folder by kind", [], [], ["."]),
        ("sort files and/or folders", [], [], []),
        ("find invoices from Vodafone", [], [], []),
        ("in January", [], [], []),
    ],
)  # fmt: skip
def test_files_to_read_files_to_write_and_folders_are_told_apart(
    text: str, files: list[str], outputs: list[str], folders: list[str]
) -> None:
    names = find_names(text)
    assert [named.value for named in names.files] == files
    assert [named.value for named in names.outputs] == outputs
    assert [named.value for named in names.folders] == folders


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("put the vendor, date and total of every invoice into |", "vendor/date/total"),
        ("extract vendor & date & total from all invoices", "vendor/date/total"),
        ("a spreadsheet of my receipts with shop, date, and amount", "shop/date/amount"),
        ("tabulate employer, month and net pay of my payslips", "employer/month/net pay"),
        ("columns: name, email and phone", "name/email/phone"),
        ("collect the supplier, invoice no. and amount of | bills", "supplier/invoice no/amount"),
        ("tidy the folder", None),
    ],
)  # fmt: skip
def test_a_list_of_fields_is_read_as_the_user_wrote_it(text: str, fields: str | None) -> None:
    found = find_fields(text, several=True)
    assert ("/".join(found.names) if found else None) == fields


def test_the_column_to_add_up_is_the_one_that_is_asked_for_or_the_likeliest() -> None:
    assert money_field(("vendor", "date", "total")) == "total"
    assert money_field(("net amount", "total"), "tell me the sum of the net amount") == "net amount"
    assert money_field(("vendor", "due date")) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("put the vendor of every invoice into |", "invoice"),
        ("what do my bills come to?", "bill"),
        ("list my insurance policies", "insurance policy"),
        ("extract name, email and phone from all CVs in |", "cv"),
        ("file a complaint with the police", None),
        ("please tidy |", None),
    ],
)
def test_a_kind_of_document_is_read_in_the_singular(text: str, kind: str | None) -> None:
    assert find_kind(text) == kind


def test_a_topic_keeps_its_own_words_and_loses_the_rest() -> None:
    assert find_topic("find documents about the leaking roof, please") == "leaking roof"
    assert find_topic("any documents mentioning Dr. Keller?") == "Dr. Keller"
    assert find_topic("find documents about it") is None


def test_a_kind_that_is_narrowed_down_is_noticed() -> None:
    assert qualifier("find all invoices from Vodafone") == "from Vodafone"
    assert qualifier("put the total of all invoices from | into a table") is None


def test_groups_to_sort_into_are_read_from_a_list() -> None:
    assert find_options("sort | into bills, contracts and other") == ("bills", "contracts", "other")
    assert find_options("tidy | by subject: taxes, school") == ("taxes", "school")
    assert find_options("tidy | by year") is None


def test_names_are_masked_so_that_they_never_look_like_orders() -> None:
    reading = read('summarise "delete duplicates.pdf"', date(2026, 11, 23))
    assert "delete" not in reading.stems
    assert reading.names.files[0].value == "delete duplicates.pdf"

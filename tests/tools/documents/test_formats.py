"""Text from real files of every kind, made here; and what hostile files give instead."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from email.message import EmailMessage
from io import BytesIO

import pytest
from doorward.tools.documents.formats import MAX_CHARS, FormatError, extract


def pdf(*pages: str, password: str = "", title: str = "") -> bytes:
    from fpdf import FPDF

    document = FPDF()
    document.set_font("Helvetica", size=12)
    if title:
        document.set_title(title)
    if password:
        document.set_encryption(owner_password="owner", user_password=password)
    for page in pages:
        document.add_page()
        if page:
            document.multi_cell(0, 8, page)
    return bytes(document.output())


def word(fill: object) -> bytes:
    import docx

    document = docx.Document()
    fill(document)  # type: ignore[operator]  # a test's own function
    sink = BytesIO()
    document.save(sink)
    return sink.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", b"<Types/>")
        for name, data in members.items():
            packed.writestr(name, data)
    return sink.getvalue()


def test_pdf_pages_are_joined_by_form_feeds() -> None:
    found = extract("a.pdf", pdf("First page", "Second page", title="Annual report"))
    assert found.text.split("\f") == ["First page", "Second page"]
    assert (found.kind, found.pages, found.title, found.notes) == ("pdf", 2, "Annual report", ())


def test_a_locked_pdf_says_that_it_is_locked() -> None:
    with pytest.raises(FormatError, match="is locked with a password"):
        extract("a.pdf", pdf("secret", password="open sesame"))


def test_a_scan_without_text_is_empty_and_says_so() -> None:
    found = extract("scan.pdf", pdf("", ""))
    assert found.text == "\f"
    assert found.notes == ("has no text layer (it looks scanned)",)
    assert extract("half.pdf", pdf("x", "")).notes == ("has no text layer on 1 of 2 pages",)


def test_a_truncated_pdf_is_damaged() -> None:
    with pytest.raises(FormatError, match="is damaged"):
        extract("a.pdf", pdf("hello")[:200])


def test_word_gives_paragraphs_and_tables_in_their_order() -> None:
    def fill(document: object) -> None:
        document.core_properties.title = "Lease"  # type: ignore[attr-defined]
        document.sections[0].header.paragraphs[0].text = "Acme Ltd"  # type: ignore[attr-defined]
        document.add_paragraph("before")  # type: ignore[attr-defined]
        table = document.add_table(1, 2)  # type: ignore[attr-defined]
        table.cell(0, 0).text, table.cell(0, 1).text = "Rent", "900 EUR"
        document.add_paragraph("after")  # type: ignore[attr-defined]

    found = extract("lease.docx", word(fill))
    assert [line for line in found.text.splitlines() if line] == [
        "Acme Ltd",
        "before",
        "Rent\t900 EUR",
        "after",
    ]
    assert (found.title, found.pages) == ("Lease", 1)


def test_excel_gives_sheets_values_and_iso_dates() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0].title = "Costs"
    book.worksheets[0].append(["Item", "Price", "On", "Paid"])
    book.worksheets[0].append(["Desk", 120.5, date(2026, 3, 1), True])
    book.worksheets[0].append(["Lamp", 20, datetime(2026, 3, 2, 14, 30), False])
    book.create_sheet("Other").append(["x"])
    sink = BytesIO()
    book.save(sink)
    found = extract("costs.xlsx", sink.getvalue())
    assert found.text.split("\f") == [
        "Costs\nItem\tPrice\tOn\tPaid\nDesk\t120.5\t2026-03-01\tTRUE"
        "\nLamp\t20\t2026-03-02 14:30:00\tFALSE",
        "Other\nx",
    ]
    assert (found.pages, found.notes) == (2, ())


def test_a_formula_without_a_stored_value_is_noted() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0].append([1, 2, "=A1+B1"])
    sink = BytesIO()
    book.save(sink)
    found = extract("sum.xlsx", sink.getvalue())
    assert "=A1" not in found.text
    assert found.notes == ("has formulas without stored values (open and save it once)",)


def test_a_far_away_cell_does_not_fill_the_sheet() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0]["XFD1048576"] = "far"
    sink = BytesIO()
    book.save(sink)
    assert extract("far.xlsx", sink.getvalue()).text.split() == ["Sheet", "far"]


def test_powerpoint_gives_slides_tables_and_notes() -> None:
    import pptx
    from pptx.util import Inches

    show = pptx.Presentation()
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = "Plan"
    first.placeholders[1].text = "Step one"
    first.notes_slide.notes_text_frame.text = "say it slowly"
    second = show.slides.add_slide(show.slide_layouts[6])
    table = second.shapes.add_table(1, 2, 0, 0, Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"
    sink = BytesIO()
    show.save(sink)
    found = extract("plan.pptx", sink.getvalue())
    assert found.text.split("\f") == ["Plan\nStep one\nNotes: say it slowly", "a\tb"]
    assert (found.title, found.pages) == ("Plan", 2)


def test_a_web_page_gives_blocks_as_lines_without_scripts() -> None:
    page = b"""<html><head><title>Offer</title><style>p {}</style></head><body><h1>Hello</h1>
      <p>one <b>two</b>three</p><script>alert(1)</script>
      <div style="display:none">hidden words</div><table><tr><td>a</td><td>b</td></tr></table>"""
    found = extract("offer.html", page)
    assert [line for line in found.text.splitlines() if line] == [
        "Hello",
        "one twothree",
        "hidden words",
        "a\tb",
    ]
    assert found.title == "Offer"


def test_a_web_page_is_read_in_the_encoding_it_declares() -> None:
    page = '<meta charset="iso-8859-7"><p>Αθήνα</p>'.encode("iso-8859-7")
    assert extract("a.htm", page).text == "Αθήνα"


def test_a_web_page_that_is_nested_too_deeply_is_refused_not_lost() -> None:
    with pytest.raises(FormatError, match="nested too deeply"):
        extract("a.html", b"<div>" * 3000 + b"deep" + b"</div>" * 3000)


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Jörg <joerg@example.org>"
    message["To"] = "me@example.org"
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0000"
    message["Subject"] = "Übergabe"
    return message


def test_mail_gives_headers_text_and_attachment_names() -> None:
    message = mail()
    message.set_content("Hello\n\nsee attached")
    message.add_alternative("<p>Hello in HTML</p>", subtype="html")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="bill.pdf")
    found = extract("m.eml", message.as_bytes())
    assert found.text.splitlines() == [
        "From: Jörg <joerg@example.org>",
        "To: me@example.org",
        "Date: Mon, 02 Nov 2026 10:00:00 +0000",
        "Subject: Übergabe",
        "Attachments: bill.pdf",
        "",
        "Hello",
        "",
        "see attached",
    ]
    assert (found.kind, found.title) == ("eml", "Übergabe")


def test_mail_with_only_html_gives_its_text() -> None:
    message = mail()
    message.set_content("<p>Only <b>HTML</b></p>", subtype="html")
    assert extract("m.eml", message.as_bytes()).text.splitlines()[-1] == "Only HTML"


@pytest.mark.parametrize(
    "broken",
    [
        b"From: \xff\xfe<<<>>>\nSubject: =?x?q?y?=\nContent-Type: text/plain; charset=none\n\nhi",
        b"From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi",
        b"From: a\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\naGk",
    ],
)
def test_broken_mail_still_gives_its_text(broken: bytes) -> None:
    assert extract("m.eml", broken).text.endswith("hi")


def test_bytes_named_mail_without_headers_are_no_mail() -> None:
    with pytest.raises(FormatError, match="is not a mail message"):
        extract("m.eml", b"just words")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_is_read_in_its_encoding(encoding: str) -> None:
    assert extract("a.txt", "Müller zahlt 5 €".encode(encoding)).text == "Müller zahlt 5 €"


def test_longer_text_in_a_rarer_encoding_is_guessed() -> None:
    text = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 20
    assert extract("a.txt", text.encode("cp1251")).text == text


def test_the_first_heading_is_the_title_of_a_note() -> None:
    assert extract("n.md", b"intro\n\n## Shopping list\n- milk").title == "Shopping list"
    assert extract("n.csv", b"\n\nname,price\nx,1").title == "name,price"
    assert extract("n.txt", b"---\n \n").title == "n"


def test_the_content_beats_a_wrong_suffix() -> None:
    assert extract("really.txt", pdf("a PDF")).kind == "pdf"
    assert extract("letter", b"<!DOCTYPE html><p>hi").kind == "html"
    assert extract("message", b"From: a\nSubject: b\n\nhi").kind == "eml"
    assert extract("settings.ini", b"[a]\nb=1").kind == "txt"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", b"", r"is empty \(0 bytes\)"),
        ("a.xyz", b"\xff\x00\x01", r"is not a kind of document I can read \(.xyz\)"),
        ("a", b"\x00", r"\(no suffix\)"),
        ("a.zip", archive({"x": b"y"}), "is an Office file of a kind I cannot read"),
        ("a.docx", b"PK\x03\x04 not really", "is damaged"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is an old Office file"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "is locked with a password",
        ),
        ("a.txt", b"abc\0def", "holds binary data"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, why: str) -> None:
    with pytest.raises(FormatError, match=why):
        extract(name, data)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive({"word/document.xml": b"\0" * 32_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(FormatError, match="zip bomb"):
        extract("a.docx", bomb)


def test_many_parts_that_sum_up_are_refused() -> None:
    with pytest.raises(FormatError, match="parts"):
        extract("a.docx", archive({f"word/{n}": b"" for n in range(20_001)}))


_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">'
    '<!ENTITY e SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_an_office_file_are_refused(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{_LAUGHS}<x>&d;&e;</x>'.encode(encoding)
    with pytest.raises(FormatError, match="declares XML entities"):
        extract("a.docx", archive({"word/document.xml": xml}))


def test_entities_in_a_web_page_stay_unexpanded() -> None:
    text = extract("a.html", f"{_LAUGHS}<p>&d;&e;</p>".encode()).text
    assert "haha" not in text
    assert "root:" not in text


def test_entities_hidden_behind_a_long_comment_stay_unexpanded() -> None:
    good = word(lambda document: document.add_paragraph("PLACE"))
    sink = BytesIO()
    with zipfile.ZipFile(BytesIO(good)) as source, zipfile.ZipFile(sink, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                head, _, rest = data.decode().partition("?>")
                comment = f"<!--{'x' * 70_000}-->"
                data = f"{head}?>{comment}{_LAUGHS}{rest.replace('PLACE', '[&d;&e;]')}".encode()
            target.writestr(name, data)
    text = extract("a.docx", sink.getvalue()).text
    assert "haha" not in text
    assert "root:" not in text


def test_too_much_text_is_cut_and_says_so() -> None:
    found = extract("a.txt", b"x" * (MAX_CHARS + 5))
    assert len(found.text) == MAX_CHARS
    assert found.notes == ("was cut after 2,000,000 characters",)


def test_control_characters_and_form_feeds_do_not_get_into_a_page() -> None:
    found = extract("a.txt", b"one\ftwo\x02\x07three\r\nfour")
    assert found.text == "one\ntwothree\nfour"

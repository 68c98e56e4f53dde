from __future__ import annotations

import pytest
from doorward.tools.base import ToolError
from doorward.tools.web.address import joined, web_address
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("HTTPS://example.org/a?b=c#d", "https://example.org/a?b=c"),
        ("https://example.org:443/a%20b/é", "https://example.org/a%20b/%C3%A9"),
        ("https://münchen.de/x", "https://xn--mnchen-3ya.de/x"),
        ("https://example.org?q=1", "https://example.org/?q=1"),
        ("https://example.org:8443/", "https://example.org:8443/"),
    ],
)
def test_an_address_has_one_spelling(url: str, read: str) -> None:
    assert str(web_address(url)) == read
    assert str(web_address(read)) == read


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.org/", "ftp://example.org/", "file:///etc/passwd", "//example.org", ""),
        *("https://user:pass@example.org/", "https://example.org@evil.example.com/"),
        *("https://example.org\\@evil.com/", "https://exam\tple.org/", "https://example.org/a b"),
        *("https://example.org/\r\nHost: evil", "https://exa%6dple.org/", "https://example.org:0/"),
        *("https://127.0.0.1/", "https://[::1]/", "https://0x7f000001/", "https://017700000001/"),
        *("https://2130706433/", "https://localhost/", "https://printer.local/", "https://127.1/"),
        *("https://１２７.0.0.1/", "https://exam\u200bple.org/", "https://example。org/"),
        *("https://example.org:99999/", "https://example.org:443x/", "https:/example.org/"),
        *("https://example.org/\u202egpj", "https://example.org./", "https://ex_ample.org/"),
        "https://example.org/" + "a" * 2000,
    ],
)
def test_what_two_programs_could_read_differently_is_no_address(url: str) -> None:
    with pytest.raises(ToolError, match="cannot use this web address"):
        web_address(url)


@given(st.text(max_size=40), st.sampled_from(["https://example.org/{}", "https://{}.org/", "{}"]))
def test_reading_an_address_twice_changes_nothing(text: str, form: str) -> None:
    try:
        read = web_address(form.format(text))
    except ToolError:
        return
    assert web_address(str(read)) == read
    assert str(read).isascii()
    assert not any(sign in str(read) for sign in ' \\\r\n"<>#')


def test_a_link_is_read_from_the_page_it_stands_on() -> None:
    page = web_address("https://example.org/a/b")
    assert joined(page, "c?d") == "https://example.org/a/c?d"
    assert joined(page, " //other.example.com/x ") == "https://other.example.com/x"
    assert joined(page, "javascript:alert(1)") == ""
    assert joined(page, "http://example.org/") == ""
    assert joined(page, "https://127.0.0.1/") == ""
    assert joined(page, "https://[bad") == ""

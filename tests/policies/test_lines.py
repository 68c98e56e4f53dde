"""Positions of keys and values."""

from __future__ import annotations

import tomllib

from doorward.policies.lines import START, Position, positions
from hypothesis import given, settings
from hypothesis import strategies as st

DOCUMENT = r'''# [no] table = 1
top = 1 # "x
'quo ted' = "a \" # ["
long = """
[[rule]]
a = "b"""""
other = \'\'\'it's''\'\'\'
[a.b]
c.d = [1, [2, # ]
  3], { e = "}" , f = [] }]
[[rule]]
id = "one"
  [rule.sub]
  x = true
[[rule]]
id = "two"
day = 2026-11-23T10:00:00Z
'''.replace("\\'", "'")


def test_every_key_and_value_is_found_where_it_stands() -> None:
    tomllib.loads(DOCUMENT)
    found = positions(DOCUMENT)
    assert found.value(("top",)) == Position(2, 7)
    assert found.key(("quo ted",)) == Position(3, 1)
    assert found.key(("other",)) == Position(7, 1)
    assert found.key(("a", "b")) == Position(8, 1)
    assert found.key(("a", "b", "c", "d")) == Position(9, 1)
    assert found.value(("a", "b", "c", "d", 0)) == Position(9, 8)
    assert found.value(("a", "b", "c", "d", 1, 1)) == Position(10, 3)
    assert found.value(("a", "b", "c", "d", 2, "f")) == Position(10, 23)
    assert found.key(("rule", 0)) == Position(11, 1)
    assert found.key(("rule", 0, "sub", "x")) == Position(14, 3)
    assert found.value(("rule", 1, "id")) == Position(16, 6)
    assert found.value(("rule", 1, "day")) == Position(17, 7)


def test_what_is_not_written_is_looked_for_further_out() -> None:
    found = positions('a = 1\n[[rule]]\nid = ["x"]\n')
    assert found.key(("rule", 0, "verdict")) == Position(2, 1)
    assert found.value(("rule", 0, "verdict")) == Position(2, 1)
    assert found.value(("rule", 0, "id", 7)) == Position(3, 6)
    assert found.key(("nowhere",)) == START


def test_windows_line_ends_count_once() -> None:
    assert positions("a = 1\r\nb = 2\r\n").value(("b",)) == Position(2, 5)


def test_a_comment_may_end_the_text() -> None:
    assert positions("a = 1\n# end").key(("a",)) == Position(1, 1)


@settings(deadline=None)
@given(st.text(alphabet="ab=.[]{}\"'#,\n 1\\", max_size=40))
def test_whatever_tomllib_takes_can_be_scanned(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = positions(text)
    plain = [key for key in data if key.isalnum()]
    assert all(found.key((key,)) in found.keys.values() for key in plain)

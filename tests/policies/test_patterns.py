"""Globs: what they match, what they refuse, and that they stay linear."""

from __future__ import annotations

import unicodedata

import pytest
from doorward.policies import patterns
from doorward.policies.patterns import Name
from hypothesis import given, settings
from hypothesis import strategies as st

HOME = "/home/x"


def matches(glob: str, path: str) -> bool:
    return patterns.paths([glob], HOME).match(Name.of_path(path))


def resembles(glob: str, path: str) -> bool:
    return patterns.paths([glob], HOME).resemble(Name.of_path(path))


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("~/Documents/**", "/home/x/Documents/a/b.pdf"),
        ("~/Documents/**", "/home/x/Documents"),
        ("~", "/home/x"),
        ("~/*", "/home/x/a.txt"),
        ("~/*.pdf", "/home/x/.pdf"),
        ("**/.env", "/.env"),
        ("**/.env", "/a/b/.env"),
        ("**", "/"),
        ("**", "/a/b"),
        ("/", "/"),
        ("/a/**/b", "/a/b"),
        ("/a/**/b", "/a/x/y/b"),
        ("/a/{b,c}/d", "/a/c/d"),
        ("/a/{b/**,c}", "/a/b/x/y"),
        ("/a/{b{1,2},c}", "/a/b2"),
        ("/a{,.*}", "/a"),
        ("/a{,.*}", "/a.txt"),
        ("/a?c", "/aéc"),
        ("/[a] (1)+$^|.txt", "/[a] (1)+$^|.txt"),
        ("/a*", "/a\udcff"),
    ],
)
def test_a_glob_matches_what_it_says(glob: str, path: str) -> None:
    assert matches(glob, path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("~/Documents/**", "/home/x/Documents-evil/a"),
        ("~/Documents/**", "/home/xx/Documents/a"),
        ("~/*", "/home/x/a/b"),
        ("~/*", "/home/x/"),
        ("~/a?b", "/home/x/a/b"),
        ("~/a.b", "/home/x/aXb"),
        ("/a/{b,c}/d", "/a/{b,c}/d"),
        ("/A", "/a"),
        ("/a", "/a\n"),
        ("/", "/a"),
        ("/caf\u00e9", "/cafe\u0301"),
    ],
)
def test_a_glob_matches_nothing_more(glob: str, path: str) -> None:
    assert not matches(glob, path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("**/.env", "/a/.ENV"),
        ("**/.ssh/**", "/a/.SSH/Id_RSA"),
        ("**/.ssh/**", "/a/.\u017f\u017fh/key"),  # long s
        ("**/keys", "/a/\u212aeys"),  # Kelvin sign
        ("**/file", "/a/\ufb01le"),  # ligature
        ("**/STRASSE", "/a/stra\u00dfe"),
        ("**/caf\u00e9", "/a/cafe\u0301"),
        ("**/cafe\u0301", "/a/CAF\u00c9"),
        ("**/caf?", "/a/cafe\u0301"),
        ("**/.git/hooks/**", "/a/.g\u200cit/Hooks/x"),  # some file systems skip invisible marks
        ("~/Private/**", "/HOME/X/private/a"),
    ],
)
def test_what_a_file_system_may_take_for_the_same_resembles(glob: str, path: str) -> None:
    assert resembles(glob, path)
    assert not matches(glob, path)


def test_a_home_with_odd_characters_is_taken_literally() -> None:
    odd = patterns.paths(["~/a/**"], "/home/{x,y} *?[z]")
    assert odd.match(Name.of("/home/{x,y} *?[z]/a/b"))
    assert not odd.match(Name.of("/home/x *?[z]/a/b"))


@pytest.mark.parametrize(
    ("glob", "says"),
    [
        ("", "1 to 512"),
        ("/" + "a" * 512, "1 to 512"),
        ("Documents/**", "where it starts"),
        ("~root/a", "where it starts"),
        ("/a//b", "empty"),
        ("/a/", "empty"),
        ("/a/../b", '".."'),
        ("/a/./b", '"."'),
        ("/a/b**", "whole folders"),
        ("C:\\a", "backslash"),
        ("/a\x00", "invisible"),
        ("/a\u202eb", "invisible"),
        ("/{a", "partner"),
        ("/}a{", "partner"),
        ("/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "more than 64"),
    ],
)
def test_what_is_no_glob_is_refused_with_the_reason(glob: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        patterns.paths([glob], HOME)


def test_a_list_that_would_need_too_much_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="split the rule"):
        patterns.paths([f"/{i}" + "?" * 400 for i in range(100)], HOME)


def test_in_names_a_star_is_any_text() -> None:
    some = patterns.names(["files.*", "person:*@corp.example", "model:a?"])
    assert all(
        some.match(Name.of(text))
        for text in ("files.read", "person:bob@corp.example", "model:ab", "files.a/b")
    )
    assert not any(some.match(Name.of(text)) for text in ("file.read", "FILES.read", "model:a"))
    assert some.resemble(Name.of("Person:Bob@Corp.Example"))


def test_patterns_are_equal_when_their_texts_are() -> None:
    assert patterns.names(["a"]) == patterns.names(["a"])
    assert patterns.names(["a"]) != patterns.names(["b"])


def test_the_work_grows_with_the_length_of_a_glob_and_no_faster() -> None:
    def size(stars: int) -> int:
        program = patterns.paths(["**/" + "*a" * stars + "b"], HOME).folded
        return int(program._regexp.ProgramSize())  # type: ignore[attr-defined]  # of the library

    assert size(80) <= 2.1 * size(40)


@pytest.mark.parametrize("glob", ["**/*a*a*a*a*b", "**/a/**/b/**/c/**", "**/" + "*a" * 100 + "b"])
def test_names_chosen_to_make_globs_run_away_are_just_compared(glob: str) -> None:
    path = "/" + "/".join(["a" * 255] * 3)
    assert not resembles(glob, path)
    assert not resembles(glob, "/a" * 10_000)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="/"), min_size=1, max_size=20))
def test_folding_forgets_case_and_normalisation(text: str) -> None:
    folded = patterns.fold(text)
    for name in (unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)):
        assert patterns.fold(name) == folded


@settings(deadline=None)
@given(st.text(alphabet="ab*?{},~/.é", max_size=12), st.text(alphabet="ab~/.é", max_size=12))
def test_every_glob_is_refused_or_matches_at_least_as_much_folded(glob: str, path: str) -> None:
    try:
        compiled = patterns.paths([glob], HOME)
    except ValueError:
        return
    name = Name.of_path("/" + path)
    assert compiled.resemble(name) or not compiled.match(name)


def test_any_text_can_be_a_name() -> None:
    assert Name.of("\ud800").exact == b"?"


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", ["a" * 255, "a" * 1000, "/".join(["a" * 255] * 3)])
def test_a_name_made_to_run_away_is_matched_by_re2_all_the_same(stars: int, name: str) -> None:
    glob = f"**/{'*a' * stars}*b"
    for held in (patterns.paths([glob], "/h"), patterns.names([glob])):
        assert type(held.exact).__module__.startswith("re2")
        assert type(held.folded).__module__.startswith("re2")
        assert not held.match(Name.of_path(f"/{name}"))
        assert not held.resemble(Name.of_path(f"/{name}"))
        assert held.match(Name.of_path(f"/{name}b"))

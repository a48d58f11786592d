from __future__ import annotations

from smallprint.documents.numerals import letters, roman


def test_numbers_as_lists_show_them() -> None:
    assert [letters(number) for number in (1, 26, 27, 53)] == ["a", "z", "aa", "aaa"]
    assert [roman(number) for number in (1, 4, 14, 1990)] == ["i", "iv", "xiv", "mcmxc"]


def test_a_number_beyond_every_list_stays_a_number() -> None:
    assert (letters(10_000), letters(0), roman(10_000)) == ("10000", "0", "10000")

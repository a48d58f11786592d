"""Numbers as lists show them: letters and Roman numerals."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST = 9_999


def roman(number: int) -> str:
    """4 is "iv"; plain digits above 9,999."""
    if number > _LARGEST:
        return str(number)
    numeral = ""
    for value, letter in _ROMAN:
        numeral += letter * (number // value)
        number %= value
    return numeral


def letters(number: int) -> str:
    """1 is "a", 26 is "z", 27 is "aa", as word processors count; plain digits above 9,999."""
    if not 0 < number <= _LARGEST:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)

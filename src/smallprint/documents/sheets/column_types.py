"""What the values of a column are: numbers, dates, texts, also where a file keeps all of them as text. Child process only."""

from __future__ import annotations

import re

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.sheets.cells import Cell

_FORMULA_ERROR = re.compile(
    r"#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|GETTING_DATA|BLOCKED!|CONNECT!|FIELD!)|Err:\d{3}"
)

_SIGN, _UNIT = r"(?P<sign>[-+−(]?)\s*", r"(?P<unit>[$€£¥%]?)"
_POINT = re.compile(
    rf"{_UNIT.replace('unit', 'before')}\s*{_SIGN}{_UNIT.replace('unit', 'within')}"
    rf"(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<power>[eE][-+]?\d{{1,3}})?\s*{_UNIT}\)?"
)
_COMMA = re.compile(
    rf"{_UNIT.replace('unit', 'before')}\s*{_SIGN}{_UNIT.replace('unit', 'within')}"
    rf"(?P<digits>\d{{1,3}}(?:[. '\u00a0\u202f’]\d{{3}})+(?:,\d+)?|\d+(?:,\d+)?)(?P<power>)\s*{_UNIT}\)?"
)
_IDENTIFIER = re.compile(r"0\d+|\+\d{6,}")  # leading zeros, telephone numbers: nothing to add up
_LONGEST_NUMBER = 40
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:?\d\d)?)?")
_DOTTED_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DAYS, _MONTHS = 31, 12
_NUMBER, _DATE, _TEXT, _OTHER = "number", "date", "text", "other"


class TypedColumn:
    """A column's values by type; `numbers` and `dates` keep the index of their row."""

    __slots__ = ("blanks", "dates", "distinct", "errors", "numbers", "others", "texts", "unit")

    def __init__(self, values: list[Cell]) -> None:
        self.numbers: list[tuple[int, float]] = []
        self.dates: list[tuple[int, str]] = []
        """ISO; empty where day and month cannot be told apart."""
        self.texts = 0
        self.errors = 0
        self.others = 0
        """TRUE and FALSE, times."""
        self.blanks = 0
        self.unit = ""
        """ "$" or "%" if every number has it."""
        self.distinct = len({str(value) for value in values if not is_blank(value) and not is_error(value)})
        self._sort(values)

    def _sort(self, values: list[Cell]) -> None:
        texts: list[tuple[int, str]] = []
        for index, value in enumerate(values):
            if is_blank(value):
                self.blanks += 1
            elif is_error(value):
                self.errors += 1
            elif isinstance(value, str):
                texts.append((index, value.strip()))
            elif isinstance(value, bool):
                self.others += 1
            elif isinstance(value, (int, float)):
                self.numbers.append((index, value))
            elif hasattr(value, "year"):
                self.dates.append((index, str(value)[:10]))
            else:
                self.others += 1
        self._sort_texts(texts)

    def _sort_texts(self, texts: list[tuple[int, str]]) -> None:
        pattern, comma = _number_pattern([text for _, text in texts])
        units = {""} if self.numbers else set()
        month_first = _month_first([text for _, text in texts])
        for index, text in texts:
            number = pattern.fullmatch(text) if is_numeric(text) else None
            if number:
                self.numbers.append((index, _value(number, comma=comma)))
                units.add(number["before"] or number["within"] or number["unit"])
            elif (date := _iso(text, month_first=month_first)) is not None:
                self.dates.append((index, date))
            else:
                self.texts += 1
        self.unit = units.pop() if len(units) == 1 else ""


def is_blank(value: Cell) -> bool:
    return isinstance(value, str) and not value.strip()


def is_error(value: Cell) -> bool:
    """A formula's error, as the cell shows it."""
    return isinstance(value, str) and bool(_FORMULA_ERROR.fullmatch(value))


def is_numeric(text: str) -> bool:
    """A number in either way of writing it, and no identifier."""
    return (
        len(text) <= _LONGEST_NUMBER
        and any(char.isdecimal() for char in text)
        and not _IDENTIFIER.fullmatch(text)
        and bool(_POINT.fullmatch(text) or _COMMA.fullmatch(text))
    )


def _number_pattern(texts: list[str]) -> tuple[re.Pattern[str], bool]:
    """1,234.50 or 1.234,50: whichever reads more of the column; True for the comma."""
    numeric = [text for text in texts[:2_000] if is_numeric(text)]
    point = sum(bool(_POINT.fullmatch(text)) for text in numeric)
    comma = sum(bool(_COMMA.fullmatch(text)) for text in numeric)
    return (_COMMA, True) if comma > point else (_POINT, False)


def _value(number: re.Match[str], *, comma: bool) -> float:
    digits = number["digits"]
    plain = re.sub(r"[^\d,]", "", digits).replace(",", ".") if comma else digits.replace(",", "")
    value = float(plain + (number["power"] or ""))
    return -value if number["sign"] in ("-", "−", "(") else value


def _month_first(texts: list[str]) -> bool | None:
    """Whether 3/4/2025 is in March; None if no date of the column tells."""
    dates = [match for text in texts if (match := _SLASHED_DATE.fullmatch(text))]
    if any(int(match[1]) > _MONTHS for match in dates):
        return False
    return True if any(int(match[2]) > _MONTHS for match in dates) else None


def _iso(text: str, *, month_first: bool | None) -> str | None:
    """None if it is no date; empty if day and month cannot be told apart."""
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = match[1], match[2], match[3]
    elif match := _DOTTED_DATE.fullmatch(text):
        day, month, year = match[1], match[2], match[3]
    elif match := _SLASHED_DATE.fullmatch(text):
        if month_first is None:
            return ""
        first, second, year = match[1], match[2], match[3]
        month, day = (first, second) if month_first else (second, first)
    else:
        return None
    valid = 1 <= int(month) <= _MONTHS and 1 <= int(day) <= _DAYS
    return f"{year}-{int(month):02}-{int(day):02}" if valid else None

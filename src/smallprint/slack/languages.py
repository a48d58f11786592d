"""The languages that people can ask for by name. A list, so that `in` can also be just a word: "exit in a crisis"."""

from __future__ import annotations

from collections.abc import Sequence

_NAMES = """
    Afrikaans Albanian Amharic Arabic Armenian Azerbaijani Basque Belarusian Bengali Bosnian Bulgarian Burmese
    Cantonese Catalan Chinese Croatian Czech Danish Dutch English Estonian Farsi Filipino Finnish Flemish French
    Gaelic Galician Georgian German Greek Gujarati Hausa Hebrew Hindi Hungarian Icelandic Igbo Indonesian Irish
    Italian Japanese Kannada Kazakh Khmer Korean Kurdish Kyrgyz Lao Latin Latvian Lithuanian Luxembourgish
    Macedonian Malay Malayalam Maltese Mandarin Marathi Mongolian Nepali Norwegian Pashto Persian Polish Portuguese
    Punjabi Romanian Russian Serbian Sinhala Slovak Slovenian Somali Spanish Swahili Swedish Tagalog Tajik Tamil
    Telugu Thai Tibetan Turkish Turkmen Ukrainian Urdu Uzbek Vietnamese Welsh Xhosa Yiddish Yoruba Zulu
"""
NAMES = frozenset(_NAMES.split())
OWN_NAMES = {
    "bokmål": "Norwegian", "dansk": "Danish", "deutsch": "German", "español": "Spanish", "français": "French",
    "italiano": "Italian", "magyar": "Hungarian", "nederlands": "Dutch", "norsk": "Norwegian", "polski": "Polish",
    "português": "Portuguese", "română": "Romanian", "suomi": "Finnish", "svenska": "Swedish", "türkçe": "Turkish",
    "čeština": "Czech", "ελληνικά": "Greek", "русский": "Russian", "українська": "Ukrainian", "العربية": "Arabic",
    "中文": "Chinese", "日本語": "Japanese", "한국어": "Korean",
}  # fmt: skip
KINDS = frozenset(
    {"American", "Austrian", "Brazilian", "British", "Canadian", "European", "Mexican", "Simplified", "Swiss", "Traditional"}
)  # fmt: skip
"""Words that stand before a language's name."""


def language(words: Sequence[str]) -> tuple[str, int]:
    """The English name of the language that `words` begin with, and how many words that took; empty and 0 if none."""
    for count in (2, 1):
        *kind, name = [word.casefold().capitalize() for word in words[:count]] or [""]
        known = name if name in NAMES else OWN_NAMES.get(name.casefold(), "")
        if known and len(words) >= count and all(word in KINDS for word in kind):
            return " ".join([*kind, known]), count
    return "", 0

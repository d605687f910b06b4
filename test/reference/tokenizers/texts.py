"""Random texts from all of Unicode's categories, and some that are hard by intention."""

import random
import unicodedata

WORDS = ["word", " Lily", "it's", "WE'RE", "I'LL", "don’t", "123", " 7½", "３", "①", "١٢٣", "你好", " カナ", "안녕", "नमस्ते", "é", "e\u0301",
         "ﬁ", "Å", "👩‍👩‍👧", "🇩🇪", "ΑΣ", "İ", "ß", "ſ", "'S", "<|end|>", "<m>", "<n>", "<l>", "<lst>", "<rst>", "<both>", "<tool>", "<t", "Café",
         "▁", "▁▁", "</s>", "<unk>", "[SEP]", "##s", "Ġ", "<0x41>"]
SPACES = [" ", "  ", "   ", "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u2003", "\u3000", "\u0085", "\u2028", "\ufeff", "\u200b", "\u000b", "\u001c"]


def code_points() -> dict[str, list[str]]:
    """Characters by category; those that Python does not know are a category of their own."""
    found: dict[str, list[str]] = {}
    for point in range(0x110000):
        if not 0xD800 <= point <= 0xDFFF:
            found.setdefault(unicodedata.category(chr(point)), []).append(chr(point))
    return found


def random_texts(count: int, seed: int) -> list[str]:
    chooser = random.Random(seed)
    categories = code_points()
    names = sorted(categories)

    def character() -> str:
        return chooser.choice(categories[chooser.choice(names)])

    def part() -> str:
        kind = chooser.random()
        if kind < 0.35:
            return "".join(character() for _ in range(chooser.randint(1, 4)))
        if kind < 0.6:
            return chooser.choice(WORDS)
        if kind < 0.8:
            return chooser.choice(SPACES) * chooser.choice([1, 1, 1, 2, 3])
        if kind < 0.9:
            return "".join(chooser.choice("abehlnorst AEIMX_-./'019") for _ in range(chooser.randint(1, 8)))
        return chr(chooser.randint(0, 0x24F))

    return ["".join(part() for _ in range(chooser.randint(1, 9))) for _ in range(count)]

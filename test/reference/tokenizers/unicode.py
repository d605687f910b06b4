"""Writes what the Rust package makes of every character, for unicode-tables.ts, which says where JavaScript differs.

    python unicode.py /tmp/characters.json && node unicode-tables.ts /tmp/characters.json
"""

import json
import sys

from tokenizers import Regex, normalizers, pre_tokenizers

POINTS = [point for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]


def probe(character: str) -> str:
    """Shows its decomposition, and its order after a mark below and before one above."""
    return f"{character}x{character}\u0316x\u0301{character}"


def cut(step) -> list[int]:
    return [point for point in POINTS if len(step.pre_tokenize_str(f"a{chr(point)}a")) > 1]


def removed(step) -> list[int]:
    return [point for point in POINTS if step.normalize_str(chr(point)) == ""]


unassigned = pre_tokenizers.Split(Regex(r"\p{C}"), "removed")
forms = {}
for form in (normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD()):
    changed = ((point, form.normalize_str(probe(chr(point)))) for point in POINTS)
    forms[type(form).__name__] = {point: text for point, text in changed if text != probe(chr(point))}
result = {
    "unassigned": [point for point in POINTS if not unassigned.pre_tokenize_str(chr(point))],
    "punctuation": cut(pre_tokenizers.Punctuation()),
    "marks": removed(normalizers.StripAccents()),
    "nonspacing": removed(normalizers.BertNormalizer(False, False, True, False)),
    "forms": forms,
}
with open(sys.argv[1], "w") as file:
    json.dump(result, file)

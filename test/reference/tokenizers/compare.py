"""Writes tokenizers, texts and the ids that the Rust package gives them, for test/reference/tokenizers/compare.ts.

    python compare.py OUT [--texts 20000] [FOLDER_WITH_TOKENIZER_JSON ...]
"""

import argparse
import json
from pathlib import Path

from tokenizers import Tokenizer

from kinds import kinds
from sentencepiece_kinds import kinds as sentencepiece_kinds
from texts import random_texts

arguments = argparse.ArgumentParser()
arguments.add_argument("out", type=Path)
arguments.add_argument("folders", type=Path, nargs="*")
arguments.add_argument("--texts", type=int, default=20000)
arguments.add_argument("--seed", type=int, default=1)
given = arguments.parse_args()

given.out.mkdir(parents=True, exist_ok=True)
texts = random_texts(given.texts, given.seed)
(given.out / "texts.json").write_text(json.dumps(texts))
everything = {name: tokenizer for name, (_, tokenizer) in kinds().items()} | sentencepiece_kinds()
for folder in given.folders:
    everything[folder.name] = Tokenizer.from_file(str(folder / "tokenizer.json"))
for name, tokenizer in everything.items():
    settings = json.loads(tokenizer.to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    ids = [encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
    (given.out / f"{name}.json").write_text(json.dumps({"tokenizer": settings, "ids": ids}))

"""Makes packages/core/src/tokenizer/fixtures/reference-ids.json: every kind of tokenizer of kinds.py on a few texts.

    pip install tokenizers==0.23.3
    python make_fixture.py
"""

import json
from pathlib import Path

from kinds import kinds
from texts import SPACES, WORDS, random_texts

OUT = Path(__file__).parents[3] / "packages/core/src/tokenizer/fixtures/reference-ids.json"
TEXTS = ["".join(WORDS), "a".join(SPACES), *random_texts(26, 3)]

models: dict[str, dict] = {}
result: dict[str, dict] = {}
for name, (model, tokenizer) in kinds().items():
    settings = json.loads(tokenizer.to_str())
    models.setdefault(model, {key: settings["model"][key] for key in ("type", "vocab", "merges") if key in settings["model"]})
    own = {key: value for key, value in settings["model"].items() if key not in ("vocab", "merges") and value is not None}
    steps = {key: settings[key] for key in ("normalizer", "pre_tokenizer", "decoder", "added_tokens")}
    ids = [" ".join(map(str, tokenizer.encode(text, add_special_tokens=False).ids)) for text in TEXTS]
    result[name] = {"base": model, "model": own, **steps, "ids": ids}
OUT.write_text(json.dumps({"texts": TEXTS, "models": models, "kinds": result}) + "\n")

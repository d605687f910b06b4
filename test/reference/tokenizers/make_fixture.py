"""Makes packages/core/src/tokenizer/fixtures/reference-ids.json: every kind of tokenizer of kinds.py, with the ids of a few
texts, and a hash of the ids of 400 random ones.

    pip install tokenizers==0.23.3 transformers==5.24.0 sentencepiece==0.2.3 protobuf
    python make_fixture.py
"""

import hashlib
import json
from pathlib import Path

from kinds import kinds
from sentencepiece_kinds import OWN_RULES, kinds as sentencepiece_kinds
from texts import SPACES, WORDS, random_texts

OUT = Path(__file__).parents[3] / "packages/core/src/tokenizer/fixtures/reference-ids.json"
TEXTS = ["".join(WORDS), "a".join(SPACES), "z".join([*OWN_RULES, "ｆ\u0301", "…\u0308"]), *random_texts(26, 3)]
RANDOM = random_texts(400, 29)

models: dict[str, dict] = {}
result: dict[str, dict] = {}
# Of those with a compiled map the one whose map is small: compare.py holds all of them against the package.
mapped = {"spm-some-rules": ("sentencePiece", sentencepiece_kinds()["spm-some-rules"])}
for name, (model, tokenizer) in {**kinds(), **mapped}.items():
    settings = json.loads(tokenizer.to_str())
    models.setdefault(model, {key: settings["model"][key] for key in ("type", "vocab", "merges") if key in settings["model"]})
    own = {key: value for key, value in settings["model"].items() if key not in ("vocab", "merges") and value is not None}
    steps = {key: settings[key] for key in ("normalizer", "pre_tokenizer", "decoder", "added_tokens")}
    ids = [" ".join(map(str, tokenizer.encode(text, add_special_tokens=False).ids)) for text in TEXTS]
    many = "\n".join(" ".join(map(str, encoding.ids)) for encoding in tokenizer.encode_batch(RANDOM, add_special_tokens=False))
    result[name] = {"base": model, "model": own, **steps, "ids": ids, "hash": hashlib.sha256(many.encode()).hexdigest()[:16]}
OUT.write_text(json.dumps({"texts": TEXTS, "random": RANDOM, "models": models, "kinds": result}) + "\n")

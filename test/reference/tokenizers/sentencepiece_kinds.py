"""Tokenizers with a compiled map of characters (`Precompiled`), as transformers converts them from SentencePiece's models.

    pip install tokenizers==0.23.3 transformers==5.24.0 sentencepiece==0.2.3 protobuf
"""

import io
import json
import tempfile
import warnings
from pathlib import Path
from types import SimpleNamespace

import sentencepiece
from tokenizers import Tokenizer
import transformers.convert_slow_tokenizer as converters

from kinds import TRAINING

RULES = ("nmt_nfkc", "nmt_nfkc_cf", "nfkc", "nfkc_cf")
# Beyond what the named rules do: a text that begins like another, one that vanishes, a whole cluster, one that grows.
OWN_RULES = {"ab": "x", "abc": "y", "q": "", "e\u0301": "E", "क्ष": "ksh", "👩‍👧": "family", "…": "...", "é": "e"}


def changed_characters(rule: str, end: int) -> dict[str, str]:
    """Each character before `end` that a named rule changes, with what becomes of it; spaces as they are."""
    normalizer = sentencepiece.SentencePieceNormalizer(rule_name=rule)
    characters = [chr(point) for point in range(1, end) if not chr(point).isspace()]
    return {one: written for one in characters if (written := normalizer.normalize(one)) != one}


def some_rules() -> dict[str, str]:
    """A map small enough for a fixture: what `nmt_nfkc` changes up to U+0250, and rules of our own."""
    return {**changed_characters("nmt_nfkc", 0x250), **OWN_RULES}


def train(rule: str | dict[str, str], model_type: str) -> bytes:
    """A SentencePiece model of a few hundred pieces."""
    written = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        how = {"normalization_rule_name": rule}
        if not isinstance(rule, str):
            file = Path(folder) / "rules.tsv"
            code = lambda text: " ".join(f"{ord(one):X}" for one in text)
            file.write_text("".join(f"{code(one)}\t{code(becomes)}\n" for one, becomes in rule.items()))
            how = {"normalization_rule_tsv": str(file)}
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(TRAINING * 20), model_writer=written, model_type=model_type, vocab_size=260,
            character_coverage=1.0, hard_vocab_limit=False, minloglevel=2, **how,
        )
    return written.getvalue()


def convert(model: bytes, converter: type, **settings) -> Tokenizer:
    with tempfile.NamedTemporaryFile(suffix=".model") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file.write(model)
        file.flush()
        # Ids that a post-processor would put around a text are not asked for here.
        slow = SimpleNamespace(vocab_file=file.name, convert_tokens_to_ids=lambda token: 0, **settings)
        settings = json.loads(converter(slow).converted().to_str())
    # With bytes, so that the ids tell every character of what the map has written.
    settings["model"]["vocab"] += [[f"<0x{byte:02X}>", -12.0] for byte in range(256)]
    settings["model"]["byte_fallback"] = True
    return Tokenizer.from_str(json.dumps(settings))


def kinds() -> dict[str, Tokenizer]:
    made: dict[str, Tokenizer] = {}
    for rule in RULES:
        made[f"spm-{rule}-unigram"] = convert(train(rule, "unigram"), converters.SpmConverter)
    model = train("nmt_nfkc", "unigram")
    made["spm-t5"] = convert(model, converters.T5Converter, _extra_ids=2)
    made["spm-xlm-roberta"] = convert(model, converters.XLMRobertaConverter)
    albert = {"do_lower_case": True, "keep_accents": False, "remove_space": True}
    made["spm-albert"] = convert(model, converters.AlbertConverter, **albert)
    made["spm-xlnet"] = convert(model, converters.XLNetConverter, **albert)
    made["spm-some-rules"] = convert(train(some_rules(), "unigram"), converters.SpmConverter)
    return made

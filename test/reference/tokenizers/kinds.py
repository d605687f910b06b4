"""Tokenizers of the kinds that model families use, small enough to be many: made with the Rust package `tokenizers`."""

import copy
import json

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
QWEN35 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
GPT4O = "|".join(
    [
        rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+{CONTRACTIONS}?",
        rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*{CONTRACTIONS}?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)
BLOOM = " ?[^(\\s|[.,!?…。，、।۔،])]+"
DEEPSEEK_MARKS = r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"

TRAINING = [
    "Once upon a time there was a little girl named Lily. She's happy, isn't she? They'LL go; WE'RE 1234567 people.",
    "HTTPServer2Go foo_bar-baz/qux\\z $100 €5 ¥ !!!??? `code` ```\nblock\n``` {\"a\": 1}   \n\n\tx = [1, 2];",
    "Der Käse schmeckt süß, café naïve façade, señor ½ ² Ⅷ ١٢٣ १२३ 你好世界 こんにちは カタカナ 안녕하세요 مرحبا नमस्ते ไทย 👩‍👧 😀",
    "a  b   c    d\r\n\r\n  e\u00a0f\u2003g\u200bh word words word.",
]


def base_models() -> dict[str, dict]:
    """A byte-level BPE, a SentencePiece-style BPE, Unigrams and a WordPiece, trained on a few lines."""
    byte_level = Tokenizer(models.BPE())
    byte_level.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    byte_level.train_from_iterator(
        TRAINING * 4,
        trainers.BpeTrainer(vocab_size=600, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False),
    )
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    bpe = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    bpe.normalizer = normalizers.Replace(" ", "▁")
    bpe.train_from_iterator(
        TRAINING * 4, trainers.BpeTrainer(vocab_size=650, special_tokens=["<unk>", *bytes_], limit_alphabet=90, show_progress=False)
    )
    unigram = Tokenizer(models.Unigram())
    unigram.pre_tokenizer = pre_tokenizers.Metaspace()
    unigram.train_from_iterator(
        [line[:130] for line in TRAINING] * 6,
        trainers.UnigramTrainer(vocab_size=220, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False),
    )
    piece = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    piece.normalizer = normalizers.BertNormalizer()
    piece.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    piece.train_from_iterator(TRAINING * 4, trainers.WordPieceTrainer(vocab_size=400, special_tokens=["[UNK]", "[SEP]"], show_progress=False))
    result = {
        name: json.loads(tokenizer.to_str())["model"]
        for name, tokenizer in (("byteLevel", byte_level), ("bpe", bpe), ("unigram", unigram), ("wordPiece", piece))
    }
    fallback = copy.deepcopy(result["unigram"])
    fallback["vocab"] += [[token, -12.0] for token in bytes_]
    fallback["byte_fallback"] = True
    result["unigramBytes"] = fallback
    return result


def kinds() -> dict[str, tuple[str, Tokenizer]]:
    """Each kind by its name: the model it has, and the tokenizer."""
    bases = base_models()
    made: dict[str, tuple[str, Tokenizer]] = {}

    def add(name, model, normalizer=None, pre=None, decoder=None, tokens=(), change=None):
        settings = {"version": "1.0", "added_tokens": [], "model": {**bases[model], **(change or {})}}
        tokenizer = Tokenizer.from_str(json.dumps(settings))
        if normalizer:
            tokenizer.normalizer = normalizer
        if pre:
            tokenizer.pre_tokenizer = pre
        if decoder:
            tokenizer.decoder = decoder
        tokenizer.add_special_tokens([AddedToken("<|end|>", special=True, normalized=False)])
        tokenizer.add_tokens(list(tokens))
        made[name] = (model, tokenizer)

    def split(pattern, behavior="isolated", invert=False):
        return pre_tokenizers.Split(pattern, behavior, invert)

    byte_pre = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)

    def byte_level(name, *steps, normalizer=None, change=None, tokens=(), last=byte_pre):
        pre = pre_tokenizers.Sequence([*steps, last]) if steps else last
        add(name, "byteLevel", normalizer, pre, decoders.ByteLevel(), tokens, change)

    byte_level("gpt2", last=pre_tokenizers.ByteLevel(add_prefix_space=False))
    byte_level("prefix", last=pre_tokenizers.ByteLevel(add_prefix_space=True))
    byte_level("llama3", split(Regex(LLAMA3)))
    byte_level("llama3-ignore-merges", split(Regex(LLAMA3)), change={"ignore_merges": True})
    byte_level("qwen2-nfc", split(Regex(QWEN2)), normalizer=normalizers.NFC())
    byte_level("qwen35", split(Regex(QWEN35)), normalizer=normalizers.NFC())
    byte_level("gpt4o", split(Regex(GPT4O)))
    byte_level("gpt4o-removed-inverted", split(Regex(GPT4O), "removed", True))
    byte_level("bloom", split(Regex(BLOOM)))
    deepseek = [split(Regex(r"\p{N}{1,3}")), split(Regex("[一-龥぀-ゟ゠-ヿ]+")), split(Regex(DEEPSEEK_MARKS))]
    byte_level("deepseek", *deepseek)
    byte_level("digits", pre_tokenizers.Digits(individual_digits=True), last=pre_tokenizers.ByteLevel(add_prefix_space=False))
    byte_level("digits-prefix", pre_tokenizers.Digits(individual_digits=False), last=pre_tokenizers.ByteLevel(add_prefix_space=True))
    byte_level(
        "falcon",
        pre_tokenizers.Punctuation(behavior="contiguous"),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
        pre_tokenizers.Digits(individual_digits=False),
        last=split(Regex(r"[0-9][0-9][0-9]")),
    )
    for form in (normalizers.NFD(), normalizers.NFKD(), normalizers.NFKC()):
        byte_level(f"lower-{type(form).__name__}", normalizer=normalizers.Sequence([form, normalizers.Lowercase()]), last=pre_tokenizers.ByteLevel(add_prefix_space=False))
    for behavior in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"):
        byte_level(f"punctuation-{behavior}", pre_tokenizers.Punctuation(behavior))
        for invert in (False, True):
            byte_level(f"words-{behavior}-{invert}", split(Regex(r"\w+|\d"), behavior, invert))
            byte_level(f"space-{behavior}-{invert}", split(" ", behavior, invert))
    byte_level("empty-matches", split(Regex(r"\d*"), "merged_with_previous"))
    byte_level("whitespace", pre_tokenizers.Whitespace())
    byte_level("whitespace-split", pre_tokenizers.WhitespaceSplit())
    byte_level("delimiter", pre_tokenizers.CharDelimiterSplit("e"))
    byte_level("strip", normalizer=normalizers.Strip(), last=pre_tokenizers.ByteLevel(add_prefix_space=True))
    byte_level("strip-accents", normalizer=normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents()]))
    byte_level("nmt", normalizer=normalizers.Nmt())
    byte_level("replace", normalizer=normalizers.Sequence([normalizers.Replace(Regex(r"\s+"), " "), normalizers.Replace("e", "$&E")]))
    byte_level(
        "added",
        last=pre_tokenizers.ByteLevel(add_prefix_space=False),
        normalizer=normalizers.Lowercase(),
        tokens=[
            AddedToken("<lst>", lstrip=True, special=True, normalized=False),
            AddedToken("<rst>", rstrip=True, special=True, normalized=False),
            AddedToken("<both>", lstrip=True, rstrip=True, normalized=False),
            AddedToken("word", single_word=True),
            AddedToken("Café", normalized=True),
            AddedToken("   ", normalized=False),
            AddedToken("<t", normalized=False),
            AddedToken("<tool>", normalized=False),
        ],
    )

    marks = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    plain = decoders.Sequence(marks)
    legacy = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    stripped = decoders.Sequence([*marks, decoders.Strip(" ", 1, 0)])
    spaced = [AddedToken("<n>", normalized=True), AddedToken("<m>", normalized=False), AddedToken("<l>", lstrip=True, rstrip=True, normalized=False)]
    for model in ("bpe", "unigram", "unigramBytes"):
        add(f"{model}-legacy", model, legacy, None, stripped, spaced)
        add(f"{model}-gemma", model, normalizers.Replace(" ", "▁"), split(" ", "merged_with_previous"), plain, spaced)
        for scheme in ("always", "first", "never"):
            for cut in (True, False):
                pre = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=cut)
                add(f"{model}-{scheme}-{cut}", model, None, pre, plain, spaced)
    add("bpe-unknown", "bpe", legacy, None, stripped, change={"byte_fallback": False})
    add("bpe-unknown-each", "bpe", legacy, None, stripped, change={"byte_fallback": False, "fuse_unk": False})
    add("bpe-no-unknown", "bpe", legacy, None, stripped, change={"byte_fallback": False, "unk_token": None})
    add("bpe-strip-first", "bpe", normalizers.Strip(), pre_tokenizers.Metaspace(prepend_scheme="first"), plain)
    add("bpe-words-first", "bpe", None, pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="first")]), plain)
    add("unigram-words", "unigram", normalizers.NFKC(), pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]), decoders.Metaspace())

    bert = pre_tokenizers.BertPreTokenizer()
    add("bert-uncased", "wordPiece", normalizers.BertNormalizer(), bert, decoders.WordPiece())
    add("bert-cased", "wordPiece", normalizers.BertNormalizer(lowercase=False), bert, decoders.WordPiece(), change={"max_input_chars_per_word": 6})
    add("bert-accents", "wordPiece", normalizers.BertNormalizer(strip_accents=False, handle_chinese_chars=False, clean_text=False), bert, decoders.WordPiece())
    return made

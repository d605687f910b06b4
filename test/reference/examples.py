"""Tokenised examples: ids, and what each token is to the loss."""

import json
import random
from pathlib import Path

from transformers import AutoTokenizer

LAYOUT = "Customer: {text}\nName the problem in a few words.\n"
BOS, EOS = 1, 2


def example(prompt_ids, completion_ids, **texts):
    """`prompt_ids` begins with BOS; EOS is added to the completion and counts as a part of it."""
    ids = [*prompt_ids, *completion_ids, EOS]
    classes = ["bos", *["user"] * (len(prompt_ids) - 1), *["assistant"] * (len(completion_ids) + 1)]
    return {**texts, "ids": ids, "classes": classes, "promptLength": len(prompt_ids)}


def continuation_ids(tokenizer, text):
    """Ids of a text that continues another one. The tokenizer puts a space before a text of its own: here the space
    goes before a line break, which merges with nothing and is taken away again."""
    lead = tokenizer("\n", add_special_tokens=False)["input_ids"]
    ids = tokenizer("\n" + text, add_special_tokens=False)["input_ids"]
    assert ids[: len(lead)] == lead
    return ids[len(lead) :]


def banking_examples(model_folder):
    """Prompt and completion tokenised apart: BOS + prompt, then the completion without a space of its own, then EOS."""
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    rows = json.loads((Path(__file__).parent / "rows.json").read_text())["rows"]
    examples = []
    for row in rows:
        prompt = LAYOUT.format(text=row["text"])
        prompt_ids = tokenizer(prompt)["input_ids"]
        assert prompt_ids[0] == BOS and BOS not in prompt_ids[1:]
        completion_ids = continuation_ids(tokenizer, row["label"])
        whole = tokenizer.decode(prompt_ids[1:] + completion_ids)
        assert whole == prompt + row["label"], whole
        examples.append(example(prompt_ids, completion_ids, prompt=prompt, completion=row["label"]))
    return examples


def random_examples(vocabulary_size, count=8):
    """Ids without meaning, for the models that have no tokenizer."""
    draw = random.Random(20)
    ids = lambda n: [draw.randrange(3, vocabulary_size) for _ in range(n)]
    return [example([BOS, *ids(draw.randint(7, 15))], ids(draw.randint(2, 5))) for _ in range(count)]

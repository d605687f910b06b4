"""Writes fixtures/: what PyTorch, transformers and PEFT make of the models, for the TypeScript tests to compare with.

python make_fixtures.py   (README.md describes the files)
"""

import argparse
import json
import os
import platform
import random
import shutil
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import peft
import torch
import transformers
from adapters import ALPHA, RANK, load_adapter, save_adapter, save_initial_adapter
from examples import BOS, banking_examples, continuation_ids, random_examples
from measurements import SMALLEST_MARGIN, gradients_of, greedy, greedy_that_stops, logits_of
from tiny_models import TINY_BF16, TINY_F16, VOCABULARY_SIZE, load_model, save_tiny_model
from training import (
    ADAMW,
    BATCH_SIZE,
    LORA_PLUS_RATIO,
    MAX_GRADIENT_NORM,
    PEAK_LEARNING_RATE,
    PROMPT_WEIGHTS,
    STEPS,
    WEIGHT_DECAY,
    fine_tune,
)
from transformers import AutoTokenizer

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
STORIES = "models/stories260k"
TINY = {"tiny-bf16": (TINY_BF16, torch.bfloat16, 3), "tiny-f16": (TINY_F16, torch.float16, 4)}
TRAINED = ["stories260k", "tiny-bf16"]


def write_json(file, head, entries):
    """`head` plus `entries`, an entry a line: a change shows where it is."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    file.write_text(f"{json.dumps(head)[:-1]}{', ' if head else ''}\"entries\": [\n{lines}\n]}}\n")


class Models:
    """The models by their names in the fixtures."""

    def __init__(self, output, stories_folder):
        self.folders = {"stories260k": stories_folder, **{name: output / "models" / name for name in TINY}}
        self.output = output
        self.examples = {"stories260k": banking_examples(stories_folder)}
        self.examples.update({name: random_examples(VOCABULARY_SIZE) for name in TINY})

    def load(self, name, adapter=None, trainable=False):
        model = load_model(self.folders[name])
        return load_adapter(model, self.output / "adapters" / adapter, trainable) if adapter else model

    def base(self, name):
        return STORIES if name == "stories260k" else f"test/reference/fixtures/models/{name}"


SETTINGS = {
    "steps": STEPS,
    "batchSize": BATCH_SIZE,
    "weightDecay": WEIGHT_DECAY,
    "maxGradientNorm": MAX_GRADIENT_NORM,
    "lossNormalization": "weight-sum",
    "schedule": "linear",
    "betas": ADAMW["betas"],
    "epsilon": ADAMW["eps"],
}


def write_training(models, output):
    full, lora = [], []
    for name in TRAINED:
        save_initial_adapter(models.load(name), output / "adapters" / f"{name}-initial", models.base(name), seed=5)
        for weight in PROMPT_WEIGHTS:
            steps = fine_tune(models.load(name), models.examples[name], weight, "full")
            full.append({"model": name, "promptWeight": weight, "steps": steps})
            model = models.load(name, f"{name}-initial", trainable=True)
            steps = fine_tune(model, models.examples[name], weight, "lora")
            lora.append({"model": name, "adapter": f"{name}-initial", "promptWeight": weight, "steps": steps})
            if weight == 0.1:
                save_adapter(model, output / "adapters" / f"{name}-trained", models.base(name))
    adapter = {"rank": RANK, "alpha": ALPHA, "dropout": 0}
    write_json(output / "losses-full.json", {"settings": {**SETTINGS, "learningRate": PEAK_LEARNING_RATE["full"]}}, full)
    lora_settings = {**SETTINGS, "learningRate": PEAK_LEARNING_RATE["lora"], **adapter}
    write_json(output / "losses-lora.json", {"settings": lora_settings}, lora)
    write_json(output / "losses-dora.json", {"settings": lora_settings}, dora_losses(models, output))


def dora_losses(models, output):
    name, adapter = "tiny-bf16", "tiny-bf16-dora"
    save_initial_adapter(models.load(name), output / "adapters" / adapter, models.base(name), seed=5, use_dora=True)
    steps = lambda weight: fine_tune(models.load(name, adapter, trainable=True), models.examples[name], weight, "lora")
    return [{"model": name, "adapter": adapter, "promptWeight": w, "steps": steps(w)} for w in PROMPT_WEIGHTS]


def write_lora_plus(models, output):
    """From the adapters that `write_training` makes."""
    entries = []
    for name in TRAINED:
        adapter = f"{name}-initial"
        model = models.load(name, adapter, trainable=True)
        steps = fine_tune(model, models.examples[name], 0.1, "lora-plus")
        entries.append({"model": name, "adapter": adapter, "promptWeight": 0.1, "steps": steps})
    rates = {"learningRate": PEAK_LEARNING_RATE["lora-plus"], "loraPlusRatio": LORA_PLUS_RATIO}
    write_json(output / "losses-lora-plus.json", {"settings": {**SETTINGS, **rates}}, entries)


def write_logits(models, output):
    entries = []
    for name, adapter, chosen in [
        ("stories260k", None, [1, 2]),
        ("stories260k", "stories260k-trained", [1]),
        ("tiny-bf16", None, [0, 1]),
        ("tiny-bf16", "tiny-bf16-trained", [0]),
        ("tiny-f16", None, [0, 1]),
    ]:
        model = models.load(name, adapter)
        for index in chosen:
            ids = models.examples[name][index]["ids"]
            entries.append({"model": name, "adapter": adapter, "example": index, **logits_of(model, ids)})
    write_json(output / "logits.json", {}, entries)


def write_gradients(models, output):
    entries = []
    for name in TRAINED:
        for adapter in [None, f"{name}-trained"]:
            model = models.load(name, adapter, trainable=True)
            gradients = gradients_of(model, models.examples[name], 0.1)
            entries.append({"model": name, "adapter": adapter, "promptWeight": 0.1, **gradients})
    write_json(output / "gradients.json", {}, entries)


def write_generations(models, output):
    tokenizer = AutoTokenizer.from_pretrained(models.folders["stories260k"])
    stories = [
        [BOS],
        tokenizer("Lily and Tom went to the park")["input_ids"],
        [BOS, *continuation_ids(tokenizer, "The big dog"), *continuation_ids(tokenizer, " was very")],
    ]
    model = models.load("stories260k")
    entries = []
    for prompt in stories:
        found = greedy(model, prompt)
        assert found["margin"] > SMALLEST_MARGIN, f"{prompt}: margin {found['margin']}"
        texts = {"prompt": tokenizer.decode(prompt[1:]), "text": tokenizer.decode(found["newIds"])}
        entries.append({"model": "stories260k", **texts, **found})
    draw = random.Random(1)
    candidates = [[BOS, *[draw.randrange(3, VOCABULARY_SIZE) for _ in range(5)]] for _ in range(400)]
    for name in TINY:
        entries.append({"model": name, **greedy_that_stops(models.load(name), candidates)})
    write_json(output / "generations.json", {"maxNewTokens": 24}, entries)


def make(output, stories_folder):
    shutil.rmtree(output, ignore_errors=True)
    for name, (config, dtype, seed) in TINY.items():
        save_tiny_model(output / "models" / name, config, dtype, seed)
    models = Models(output, stories_folder)
    versions = {"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__}
    versions["python"] = platform.python_version()
    examples = [{"model": name, "examples": rows} for name, rows in models.examples.items()]
    write_json(output / "examples.json", {"versions": versions}, examples)
    write_training(models, output)
    write_lora_plus(models, output)
    write_logits(models, output)
    write_gradients(models, output)
    write_generations(models, output)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--output", type=Path, default=HERE / "fixtures")
    arguments.add_argument("--stories", type=Path, default=REPOSITORY / STORIES, help="folder of stories260k")
    chosen = arguments.parse_args()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    make(chosen.output, chosen.stories)

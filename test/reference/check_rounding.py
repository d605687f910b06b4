"""How well conditioned the ten steps are: the same runs in f64, and in f32 with another attention kernel, against
fixtures/. Adam's first step moves a weight by its full learning rate whichever sign its gradient has, so an element
whose true gradient is nearly 0 can send two correct programs different ways. The order of rows.json was chosen so that
this does not happen; run this after changing rows, seeds or learning rates.

python check_rounding.py [FOLDER OF STORIES260K]
"""

import json
import sys
from pathlib import Path
from unittest.mock import patch

import torch
import training
import transformers
from make_fixtures import HERE, REPOSITORY, STORIES, Models
from peft import PeftModel

COMPARED = ["loss", "promptLoss", "completionLoss", "gradientNorm"]


def in_f64(model):
    return model.double()


def with_fused_attention(model):
    base = model.get_base_model() if isinstance(model, PeftModel) else model
    base.set_attn_implementation("sdpa")
    return model


def make_f64_batch(examples, prompt_weight, make_batch=training.make_batch):
    batch = make_batch(examples, prompt_weight)
    return {name: t.double() if t.is_floating_point() else t for name, t in batch.items()}


def largest_differences(expected, steps):
    pairs = list(zip(expected, steps))
    return {key: max(abs(b[key] / a[key] - 1) for a, b in pairs) for key in COMPARED}


def main():
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(1)
    models = Models(HERE / "fixtures", Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / STORIES)
    for method in ["full", "lora", "lora-plus"]:
        for entry in json.loads((HERE / f"fixtures/losses-{method}.json").read_text())["entries"]:
            for variant in [in_f64, with_fused_attention]:
                model = variant(models.load(entry["model"], entry.get("adapter"), trainable=True))
                make_batch = make_f64_batch if variant is in_f64 else training.make_batch
                with patch.object(training, "make_batch", make_batch):
                    examples = models.examples[entry["model"]]
                    steps = training.fine_tune(model, examples, entry["promptWeight"], method)
                differences = largest_differences(entry["steps"], steps)
                shown = "  ".join(f"{key} {value:.0e}" for key, value in differences.items())
                print(f"{method:9} {entry['model']:12} w={entry['promptWeight']:<4} {variant.__name__:21} {shown}")


if __name__ == "__main__":
    main()

"""The Python side of the benchmark: full fine-tuning as a plain PyTorch loop, on batches that the other side wrote.

python full_finetune.py --model DIR --batches FILE.json [--steps N] [--optimizer fused] [--threads N]

Progress goes to standard error; the last line of standard output is one JSON object (../README.md describes it).
"""

import argparse
import json
import platform
import resource
import sys
import time

import torch
import transformers
from transformers import LlamaForCausalLM


def read_arguments():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", required=True, help="folder with config.json and model.safetensors")
    arguments.add_argument("--batches", required=True, help="JSON file: settings, examples, batches")
    arguments.add_argument("--steps", type=int, help="steps to run (default: every batch); the schedule stays the file's")
    arguments.add_argument("--warmup-steps", type=int, default=3, help="first steps that the figures leave out")
    arguments.add_argument("--optimizer", choices=["plain", "fused"], default="plain", help="torch's AdamW, or its fused one")
    arguments.add_argument("--threads", type=int, help="default: as many as torch chooses")
    return arguments.parse_args()


def collate(examples):
    """Right-padded to the longest; `weights[r, i]` is the weight of `ids[r, i]` as a target."""
    length = max(len(example["ids"]) for example in examples)
    ids = torch.zeros(len(examples), length, dtype=torch.long)
    mask = torch.zeros(len(examples), length, dtype=torch.long)
    weights = torch.zeros(len(examples), length)
    for r, example in enumerate(examples):
        n = len(example["ids"])
        ids[r, :n] = torch.tensor(example["ids"])
        mask[r, :n] = 1
        weights[r, :n] = torch.tensor(example["weights"], dtype=torch.float32)
    return ids, mask, weights


def weighted_loss(model, ids, mask, weights):
    """Σ w·nll / Σ w over the batch; the shift by one is made here."""
    logits = model(input_ids=ids, attention_mask=mask).logits[:, :-1]
    nll = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
    target_weights = weights[:, 1:].flatten()
    return (nll * target_weights).sum() / target_weights.sum()


def make_optimizer(model, settings, fused):
    """AdamW without weight decay on norms, biases and embeddings, as on the other side."""
    is_plain = lambda name: name.endswith("bias") or "norm" in name or "embed_tokens" in name
    named = list(model.named_parameters())
    groups = [
        {"params": [p for name, p in named if not is_plain(name)], "weight_decay": settings["weightDecay"]},
        {"params": [p for name, p in named if is_plain(name)], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings["learningRate"], fused=fused)


def train(model, task, steps, fused):
    """One optimizer step a batch. Gives losses, seconds and real tokens (padding left out) of every step."""
    settings, examples, batches = task["settings"], task["examples"], task["batches"]
    optimizer = make_optimizer(model, settings, fused)
    losses, seconds, tokens = [], [], []
    model.train()
    for step, batch in enumerate(batches[:steps]):
        began = time.perf_counter()
        chosen = [examples[i] for i in batch]
        for group in optimizer.param_groups:
            group["lr"] = settings["learningRate"] * (1 - step / settings["scheduleSteps"])
        loss = weighted_loss(model, *collate(chosen))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), settings["maxGradientNorm"])
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - began)
        tokens.append(sum(len(example["ids"]) for example in chosen))
        if step % 50 == 0:
            print(f"step {step}  loss {losses[-1]:.4f}  {tokens[-1] / seconds[-1]:.0f} tokens/s", file=sys.stderr)
    return losses, seconds, tokens


def peak_resident_bytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main():
    options = read_arguments()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    transformers.utils.logging.disable_progress_bar()
    with open(options.batches, encoding="utf-8") as file:
        task = json.load(file)
    steps = min(options.steps or len(task["batches"]), len(task["batches"]))
    warmup = options.warmup_steps
    if steps <= warmup:
        sys.exit(f"{steps} steps leave nothing to measure after {warmup} warm-up steps")
    model = LlamaForCausalLM.from_pretrained(options.model, dtype=torch.float32)
    losses, seconds, tokens = train(model, task, steps, options.optimizer == "fused")
    result = {
        "tokensPerSecond": sum(tokens[warmup:]) / sum(seconds[warmup:]),
        "stepSeconds": seconds[warmup:],
        "firstStepSeconds": seconds[0],
        "peakResidentBytes": peak_resident_bytes(),
        "losses": losses,
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
        "threads": torch.get_num_threads(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""The Python side of a training benchmark: a plain PyTorch loop on transformers and PEFT, on a job the other side wrote.

python train.py --job FILE.json [--precision bf16] [--quantize nf4] [--optimizer fused] [--compile] [--steps N] [--warmup-steps N]

Progress goes to standard error; the last line of standard output is one JSON object (../README.md describes it).
"""

import argparse
import json
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

from measure import describe, peak_resident_bytes, product_rates, use_all_cores


def read_arguments():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--job", required=True, help="JSON file: model, adapter, settings, examples, batches")
    arguments.add_argument("--precision", choices=["f32", "bf16"], default="f32", help="of the model; adapters as PEFT has them")
    arguments.add_argument("--quantize", choices=["none", "int8", "nf4"], default="none", help="the base, by bitsandbytes")
    arguments.add_argument("--optimizer", choices=["plain", "fused"], default="fused", help="torch's AdamW, or its fused one")
    arguments.add_argument("--compile", action="store_true", help="torch.compile; compiling is in the first step")
    arguments.add_argument("--steps", type=int, help="steps to run (default: every batch)")
    arguments.add_argument("--warmup-steps", type=int, default=3, help="first steps that the figures leave out")
    return arguments.parse_args()


def load(job, precision, quantize):
    dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
    options = {"dtype": dtype, "attn_implementation": "sdpa"}
    if quantize != "none":
        from transformers import BitsAndBytesConfig

        kinds = {
            "int8": {"load_in_8bit": True},
            "nf4": {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": dtype},
        }
        options |= {"quantization_config": BitsAndBytesConfig(**kinds[quantize]), "device_map": "cpu"}
    model = AutoModelForCausalLM.from_pretrained(job["model"], **options)
    if "adapter" in job:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, job["adapter"], is_trainable=True)
    model.config.use_cache = False
    return model.train()


def collate(examples):
    """Right-padded to the longest; `weights[r, i]` is the weight of `ids[r, i]` as a target. No mask without padding."""
    length = max(len(example["ids"]) for example in examples)
    ids = torch.zeros(len(examples), length, dtype=torch.long)
    mask = torch.zeros(len(examples), length, dtype=torch.long)
    weights = torch.zeros(len(examples), length)
    for r, example in enumerate(examples):
        n = len(example["ids"])
        ids[r, :n] = torch.tensor(example["ids"])
        mask[r, :n] = 1
        weights[r, :n] = torch.tensor(example["weights"], dtype=torch.float32)
    return ids, (None if mask.all() else mask), weights


def loss_of(model, ids, mask, weights):
    """The model's own loss where targets count fully or not at all (-100), else Σ w·nll / Σ w."""
    if ((weights == 0) | (weights == 1)).all():
        return model(input_ids=ids, attention_mask=mask, labels=ids.masked_fill(weights == 0, -100)).loss
    logits = model(input_ids=ids, attention_mask=mask).logits[:, :-1]
    nll = torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none")
    target_weights = weights[:, 1:].flatten()
    return (nll * target_weights).sum() / target_weights.sum()


def make_optimizer(model, settings, fused):
    """AdamW without weight decay on norms, biases and embeddings, as on the other side."""
    is_plain = lambda name: name.endswith("bias") or "norm" in name or "embed_tokens" in name
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for name, p in named if not is_plain(name)], "weight_decay": settings["weightDecay"]},
        {"params": [p for name, p in named if is_plain(name)], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    return torch.optim.AdamW(groups, lr=settings["learningRate"], fused=fused)


def train(model, job, steps, fused):
    """One optimizer step a batch. Gives losses, seconds and real tokens (padding left out) of every step."""
    settings, examples, batches = job["settings"], job["examples"], job["batches"]
    optimizer = make_optimizer(model, settings, fused)
    trained = [p for p in model.parameters() if p.requires_grad]
    losses, seconds, tokens = [], [], []
    for step, batch in enumerate(batches[:steps]):
        began = time.perf_counter()
        chosen = [examples[i] for i in batch]
        for group in optimizer.param_groups:
            group["lr"] = settings["learningRate"] * (1 - step / settings["scheduleSteps"])
        loss = loss_of(model, *collate(chosen))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, settings["maxGradientNorm"])
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - began)
        tokens.append(sum(len(example["ids"]) for example in chosen))
    return losses, seconds, tokens


def main():
    options = read_arguments()
    use_all_cores()
    torch.manual_seed(0)
    transformers.utils.logging.disable_progress_bar()
    with open(options.job, encoding="utf-8") as file:
        job = json.load(file)
    steps = min(options.steps or len(job["batches"]), len(job["batches"]))
    warmup = options.warmup_steps
    if steps <= warmup:
        sys.exit(f"{steps} steps leave nothing to measure after {warmup} warm-up steps")
    model = load(job, options.precision, options.quantize)
    if options.compile:
        model = torch.compile(model)
    losses, seconds, tokens = train(model, job, steps, options.optimizer == "fused")
    measured = sum(seconds[warmup:])
    result = {
        "tokensPerSecond": sum(tokens[warmup:]) / measured,
        "examplesPerSecond": sum(len(batch) for batch in job["batches"][warmup:steps]) / measured,
        "stepSeconds": seconds[warmup:],
        "firstStepSeconds": seconds[0],
        "peakResidentBytes": peak_resident_bytes(),
        "losses": losses,
        "productGflops": product_rates(),
        **describe(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

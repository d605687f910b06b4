"""Ten steps of fine-tuning, written out: the loss, the clipping and the schedule that the TypeScript trainer must equal."""

import torch
from peft.optimizers import create_loraplus_optimizer

STEPS = 10
BATCH_SIZE = 4
PROMPT_WEIGHTS = [0, 0.1, 1]
WEIGHT_DECAY = 0.01
MAX_GRADIENT_NORM = 1.0
PEAK_LEARNING_RATE = {"full": 3e-3, "lora": 1e-2, "lora-plus": 1e-3}
LORA_PLUS_RATIO = 16
ADAMW = {"betas": (0.9, 0.999), "eps": 1e-8}


def make_batch(examples, prompt_weight):
    """Right-padded to the longest. `weights[r, i]` is the weight of `ids[r, i]` as a target; BOS and padding have 0."""
    length = max(len(example["ids"]) for example in examples)
    shape = (len(examples), length)
    ids = torch.zeros(shape, dtype=torch.long)
    mask = torch.zeros(shape, dtype=torch.long)
    prompt, completion = torch.zeros(shape, dtype=torch.bool), torch.zeros(shape, dtype=torch.bool)
    for r, example in enumerate(examples):
        n, p = len(example["ids"]), example["promptLength"]
        ids[r, :n] = torch.tensor(example["ids"])
        mask[r, :n] = 1
        prompt[r, 1:p] = True
        completion[r, p:n] = True
    weights = prompt * prompt_weight + completion * 1.0
    return {"ids": ids, "mask": mask, "prompt": prompt, "completion": completion, "weights": weights}


def batch_of_step(examples, step, prompt_weight):
    """The examples go round in their order."""
    chosen = [examples[(step * BATCH_SIZE + i) % len(examples)] for i in range(BATCH_SIZE)]
    return make_batch(chosen, prompt_weight)


def losses(model, batch):
    """Weighted loss, divided once by the sum of all weights of the step, and the two plain means. Sums in f64."""
    logits = model(input_ids=batch["ids"], attention_mask=batch["mask"]).logits[:, :-1]
    targets = batch["ids"][:, 1:]
    nll = torch.nn.functional.cross_entropy(logits.transpose(1, 2), targets, reduction="none").double()
    weights = batch["weights"][:, 1:].double()
    mean = lambda chosen: nll.detach()[chosen].mean().item()
    return {
        "loss": (nll * weights).sum() / weights.sum(),
        "promptLoss": mean(batch["prompt"][:, 1:]),
        "completionLoss": mean(batch["completion"][:, 1:]),
        "weightSum": weights.sum().item(),
        "tokens": int(batch["mask"].sum()),
    }


def is_decayed(name):
    """Matrices decay, an untied output layer and adapters among them; norms, biases, magnitudes and embeddings do not."""
    return not (name.endswith("bias") or "norm" in name or "magnitude" in name or "embed_tokens" in name)


def optimizer_of(model, method):
    peak = PEAK_LEARNING_RATE[method]
    return lora_plus(model, peak) if method == "lora-plus" else adamw(model, peak)


def lora_plus(model, peak):
    options = {"loraplus_lr_ratio": LORA_PLUS_RATIO, "loraplus_weight_decay": WEIGHT_DECAY}
    return create_loraplus_optimizer(model, torch.optim.AdamW, lr=peak, **options, **ADAMW)


def adamw(model, peak):
    trained = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for name, p in trained if is_decayed(name)], "weight_decay": WEIGHT_DECAY},
        {"params": [p for name, p in trained if not is_decayed(name)], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    return torch.optim.AdamW(groups, lr=peak, **ADAMW)


def fine_tune(model, examples, prompt_weight, method):
    """Trains in place; gives one record a step, with the losses before the step's update."""
    optimizer = optimizer_of(model, method)
    peaks = [group["lr"] for group in optimizer.param_groups]
    trained = [p for p in model.parameters() if p.requires_grad]
    records = []
    for step in range(STEPS):
        share = 1 - step / STEPS
        for group, peak in zip(optimizer.param_groups, peaks):
            group["lr"] = peak * share
        record = losses(model, batch_of_step(examples, step, prompt_weight))
        record["loss"].backward()
        norm = torch.nn.utils.clip_grad_norm_(trained, MAX_GRADIENT_NORM)
        optimizer.step()
        optimizer.zero_grad()
        record.update(loss=record["loss"].item(), gradientNorm=norm.item(), learningRate=PEAK_LEARNING_RATE[method] * share)
        records.append({"step": step, **record})
    return records

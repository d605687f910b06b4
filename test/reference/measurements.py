"""What is written down of a model: logits, gradients, greedy continuations."""

import base64

import torch
from examples import BOS, EOS
from training import batch_of_step, losses

SAMPLES = 32
SMALLEST_MARGIN = 1e-2


def logits_of(model, ids):
    """Logits at every position of one example: `positions × vocabulary`, little-endian f32 in base64."""
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids])).logits[0]
    data = base64.b64encode(logits.contiguous().numpy().astype("<f4").tobytes()).decode()
    return {"ids": ids, "shape": list(logits.shape), "data": data}


def summarize(gradient):
    """A tensor in a few numbers. `projection` is Σ g[i]·cos(i) over the flattened tensor: it sees every swap of rows or
    columns, which norm and sum do not. The sampled indices are spread over the whole tensor, by a seeded draw."""
    flat = gradient.flatten().double()
    order = torch.randperm(flat.numel(), generator=torch.Generator().manual_seed(flat.numel()))
    indices = order[:SAMPLES].sort().values
    return {
        "shape": list(gradient.shape),
        "norm": flat.norm().item(),
        "sum": flat.sum().item(),
        "projection": (flat * torch.arange(flat.numel()).double().cos()).sum().item(),
        "indices": indices.tolist(),
        "values": flat[indices].tolist(),
    }


def stored_name(name):
    """What a parameter is called in a checkpoint, or in PEFT's files."""
    return name.replace("_vector.default.weight", "_vector").replace(".default.", ".")


def gradients_of(model, examples, prompt_weight):
    """The gradient of the first batch's weighted loss, for every trainable parameter, before clipping."""
    model.zero_grad()
    record = losses(model, batch_of_step(examples, 0, prompt_weight))
    record["loss"].backward()
    trained = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    return {
        "loss": record["loss"].item(),
        "gradientNorm": torch.stack([p.grad.double().norm() for _, p in trained]).norm().item(),
        "parameters": {stored_name(name): summarize(p.grad) for name, p in trained},
    }


def greedy(model, prompt_ids, max_new_tokens=24):
    """Greedy continuation with a cache; EOS is a part of it where it comes. `margin` is the smallest distance between
    the best and the second-best logit on the way: far from rounding, so that every engine must agree."""
    prompt = torch.tensor([prompt_ids])
    whole = model.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=max_new_tokens,
        do_sample=False,
        bos_token_id=BOS,
        eos_token_id=EOS,
        pad_token_id=0,
    )
    new_ids = whole[0, len(prompt_ids) :].tolist()
    with torch.no_grad():
        logits = model(input_ids=whole[:, :-1]).logits[0, len(prompt_ids) - 1 :]
    assert logits.argmax(-1).tolist() == new_ids
    best = logits.topk(2).values
    margin = (best[:, 0] - best[:, 1]).min().item()
    return {"promptIds": prompt_ids, "newIds": new_ids, "stopped": new_ids[-1] == EOS, "margin": margin}


def greedy_that_stops(model, candidates, max_new_tokens=24):
    """The first of the candidate prompts whose continuation is longer than three tokens and ends with EOS."""
    for prompt_ids in candidates:
        found = greedy(model, prompt_ids, max_new_tokens)
        if found["stopped"] and len(found["newIds"]) > 3 and found["margin"] > SMALLEST_MARGIN:
            return found
    raise RuntimeError("no candidate prompt leads to EOS")

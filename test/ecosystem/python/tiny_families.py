"""Tiny random models of every family with the tokenizer of stories260k, and what transformers continues a text with.

`tiny_families.py JOBS.json`: [{"tokenizer": FOLDER, "folder": FOLDER, "ids": [...], "new": N}]. Writes FOLDER/tiny-0 …,
a model folder each, and FOLDER/expected.json: {family: {"model": name, "newIds": ids}}.
"""

import itertools
import json
import shutil
import sys
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM

SIZES = dict(
    vocab_size=512,
    hidden_size=64,
    intermediate_size=96,
    num_hidden_layers=4,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=128,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=None,
)
ROPE = dict(rope_type="default", rope_theta=500.0)
LLAMA3 = dict(rope_type="llama3", rope_theta=500.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=32)
GEMMA = dict(head_dim=32, query_pre_attn_scalar=32, sliding_window=128, hidden_activation="gelu_pytorch_tanh")

FAMILIES = {
    "llama": dict(rope_parameters=LLAMA3),
    "mistral": dict(rope_parameters=ROPE, head_dim=32, sliding_window=None),
    "qwen2": dict(rope_parameters=ROPE, use_sliding_window=False),
    "qwen3": dict(rope_parameters=ROPE, head_dim=32, use_sliding_window=False),
    "smollm3": dict(rope_parameters=ROPE, no_rope_layer_interval=4),
    "phi3": dict(rope_parameters=ROPE, sliding_window=None, tie_word_embeddings=False),
    "gemma2": dict(rope_parameters=dict(rope_type="default", rope_theta=10000.0), **GEMMA),
    "gemma3_text": dict(GEMMA, num_hidden_layers=6),
    "gpt2": dict(n_embd=64, n_layer=4, n_head=4, n_positions=128),
    "gpt_neox": dict(num_key_value_heads=4, rope_parameters=dict(rope_type="default", rope_theta=500.0,
                                                               partial_rotary_factor=0.5)),
}


# Two best logits that are nearer than this may change places where another program keeps keys and values in f16.
MARGIN = 0.01


def make(family, extra, job):
    """The first model that is sure of each token it continues with."""
    for seed in itertools.count(1):
        model = draw(family, extra, seed)
        ids, margin = continued(model, job)
        if margin > MARGIN:
            break
    # Under a name that says nothing: llama.cpp changes the vocabulary of whatever is called phi3.
    folder = Path(job["folder"]) / f"tiny-{list(FAMILIES).index(family)}"
    model.save_pretrained(folder)
    for file in ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]:
        shutil.copy(Path(job["tokenizer"]) / file, folder / file)
    return {"model": folder.name, "newIds": ids}


def draw(family, extra, seed):
    torch.manual_seed(seed)
    config = AutoConfig.for_model(family, **{**SIZES, **extra})
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.copy_(1.2 * torch.randn(parameter.shape) / 64**0.5)
            else:
                parameter.add_(0.1 * torch.randn(parameter.shape))
    return model


def continued(model, job):
    """The ids that follow, and the least distance of the two best logits on the way."""
    ids, margin = torch.tensor([job["ids"]]), float("inf")
    with torch.no_grad():
        for _ in range(job["new"]):
            best = model(ids).logits[0, -1].topk(2)
            margin = min(margin, (best.values[0] - best.values[1]).item())
            ids = torch.cat([ids, best.indices[:1, None]], 1)
    return ids[0, len(job["ids"]):].tolist(), margin


for job in json.loads(Path(sys.argv[1]).read_text()):
    expected = {}
    for family, extra in FAMILIES.items():
        expected[family] = make(family, extra, job)
    (Path(job["folder"]) / "expected.json").write_text(json.dumps(expected))

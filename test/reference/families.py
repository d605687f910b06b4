"""Writes fixtures/families/: a tiny seeded model of every family, and what transformers and PEFT make of it.

python families.py   (README.md describes the files)

The models are small, and everything that makes a family itself is large: windows are shorter than the examples, rope
scaling begins within them, soft caps bite, norms' weights are far from where they start.
"""

import json
import os
import random
import shutil
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import measurements
import peft
import torch
import transformers
from examples import BOS, example
from measurements import SMALLEST_MARGIN, gradients_of, greedy, logits_of
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.pytorch_utils import Conv1D

FOLDER = Path(__file__).resolve().parent / "fixtures" / "families"
VOCABULARY_SIZE = 61
PROMPT_WEIGHT = 0.3

SHARED = {
    "vocab_size": VOCABULARY_SIZE,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
    "hidden_size": 24,
    "intermediate_size": 20,
    "num_hidden_layers": 2,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
}
LLAMA3_SCALING = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}

# Each as its checkpoints spell it; those marked `today` are written down as transformers 5 spells them.
MODELS = {
    "llama3": {
        "model_type": "llama",
        "head_dim": 16,
        "rope_theta": 500.0,
        "rope_scaling": {"rope_type": "llama3", **LLAMA3_SCALING},
        "tie_word_embeddings": True,
    },
    "llama3-today": {
        "model_type": "llama",
        "head_dim": 16,
        "rope_parameters": {"rope_type": "llama3", "rope_theta": 500.0, **LLAMA3_SCALING},
        "tie_word_embeddings": False,
    },
    "llama-linear": {
        "model_type": "llama",
        "rope_scaling": {"type": "linear", "factor": 2.5},
        "rms_norm_eps": 1e-5,
        "tie_word_embeddings": False,
    },
    "mistral": {
        "model_type": "mistral",
        "head_dim": 6,
        "sliding_window": 7,
        "rope_theta": 1000.0,
        "tie_word_embeddings": False,
    },
    "qwen2": {
        "model_type": "qwen2",
        "use_sliding_window": True,
        "sliding_window": 6,
        "max_window_layers": 1,
        "rope_theta": 300.0,
        "tie_word_embeddings": True,
    },
    "qwen3": {"model_type": "qwen3", "head_dim": 8, "rope_theta": 300.0, "tie_word_embeddings": True},
    "qwen3-today": {
        "model_type": "qwen3",
        "head_dim": 8,
        "attention_bias": True,
        "use_sliding_window": True,
        "sliding_window": 9,
        "layer_types": ["sliding_attention", "full_attention"],
        "tie_word_embeddings": False,
    },
    "smollm3": {
        "model_type": "smollm3",
        "num_hidden_layers": 3,
        "no_rope_layers": [1, 0, 1],
        "use_sliding_window": True,
        "sliding_window": 8,
        "rope_theta": 300.0,
    },
    "smollm3-today": {
        "model_type": "smollm3",
        "num_hidden_layers": 4,
        "num_attention_heads": 4,
        "no_rope_layer_interval": 2,
        "tie_word_embeddings": False,
    },
    "phi3": {
        "model_type": "phi3",
        "num_attention_heads": 3,
        "num_key_value_heads": 1,
        "partial_rotary_factor": 0.5,
        "original_max_position_embeddings": 128,
        "rope_scaling": None,
        "rope_theta": 300.0,
        "sliding_window": 9,
        "tie_word_embeddings": False,
    },
    "gemma2": {
        "model_type": "gemma2",
        "num_attention_heads": 4,
        "head_dim": 8,
        "query_pre_attn_scalar": 5,
        "sliding_window": 6,
        "attn_logit_softcapping": 2.0,
        "final_logit_softcapping": 4.0,
        "rope_theta": 300.0,
    },
    "gemma3_text": {
        "model_type": "gemma3_text",
        "num_hidden_layers": 4,
        "num_attention_heads": 4,
        "num_key_value_heads": 1,
        "head_dim": 8,
        "hidden_size": 20,
        "query_pre_attn_scalar": 12,
        "sliding_window": 6,
        "sliding_window_pattern": 2,
        "rope_theta": 2000.0,
        "rope_local_base_freq": 50.0,
        "rope_scaling": {"rope_type": "linear", "factor": 4.0},
    },
    "gemma3_text-today": {
        "model_type": "gemma3_text",
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
        "hidden_size": 20,
        "query_pre_attn_scalar": 8,
        "sliding_window": 6,
        "layer_types": ["full_attention", "sliding_attention"],
        "final_logit_softcapping": 4.0,
    },
    "gpt_neox": {
        "model_type": "gpt_neox",
        "num_attention_heads": 2,
        "hidden_size": 32,
        "intermediate_size": 40,
        "rotary_pct": 0.25,
        "rotary_emb_base": 300,
        "use_parallel_residual": True,
    },
    "gpt_neox-today": {
        "model_type": "gpt_neox",
        "num_attention_heads": 2,
        "intermediate_size": 40,
        "use_parallel_residual": False,
        "rope_parameters": {"rope_type": "default", "rope_theta": 300.0, "partial_rotary_factor": 0.5},
        "attention_bias": False,
    },
    "gpt2": {"model_type": "gpt2", "n_embd": 24, "n_head": 3, "n_layer": 2, "n_positions": 64},
}
GPT2_ALIASES = ["hidden_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings"]
# Those whose checkpoints hold several projections in one matrix: one adapter for all of them.
FUSED = ["phi3", "gpt_neox", "gpt2"]


def config_of(name):
    own = MODELS[name]
    shared = SHARED
    if own["model_type"] in ["gpt2", "gpt_neox"]:
        shared = {k: v for k, v in SHARED.items() if k != "num_key_value_heads"}
    if own["model_type"] == "gpt2":
        shared = {k: v for k, v in shared.items() if k not in GPT2_ALIASES and k != "intermediate_size"}
    return {**shared, **own}


def randomize(model, generator):
    draw = lambda parameter: torch.randn(parameter.shape, generator=generator)
    transposed = {f"{name}.weight" for name, module in model.named_modules() if isinstance(module, Conv1D)}
    centre = 0 if model.config.model_type.startswith("gemma") else 1
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.copy_(0.3 * draw(parameter))
            elif "norm" in name or ".ln_" in name:
                parameter.copy_(centre + 0.3 * draw(parameter))
            elif "embed_tokens" in name or "embed_in" in name or ".wte." in name or ".wpe." in name:
                parameter.copy_(0.5 * draw(parameter))
            else:
                inputs = parameter.shape[0 if name in transposed else 1]
                parameter.copy_(1.5 * draw(parameter) / inputs**0.5)


def save_model(folder, name, seed):
    """config.json as MODELS spells it or, where its name says so, as transformers 5 does; weights in bf16."""
    spelling = config_of(name)
    config = AutoConfig.for_model(**spelling)
    model = AutoModelForCausalLM.from_config(config)
    randomize(model, torch.Generator().manual_seed(seed))
    model.to(torch.bfloat16).save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if not name.endswith("-today"):
        spelling = {**spelling, "torch_dtype": "bfloat16", "transformers_version": "4.44.2"}
        (folder / "config.json").write_text(json.dumps(spelling, indent=2) + "\n")


def load_model(folder):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    return model.eval()


def with_random_adapter(model, seed, **options):
    """A of PEFT's making; B random, so that the adapter does something, and magnitudes away from where they begin."""
    torch.manual_seed(seed)
    config = peft.LoraConfig(r=2, lora_alpha=3, target_modules="all-linear", task_type="CAUSAL_LM", **options)
    adapted = peft.get_peft_model(model, config)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in adapted.named_parameters():
            if "lora_B" in name:
                parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator))
            elif "magnitude" in name:
                parameter.mul_(1 + 0.3 * torch.randn(parameter.shape, generator=generator))
    return adapted.eval()


def examples_of(seed):
    draw = random.Random(seed)
    ids = lambda n: [draw.randrange(3, VOCABULARY_SIZE) for _ in range(n)]
    return [example([BOS, *ids(12)], ids(15)), example([BOS, *ids(5)], ids(8))]


def greedy_with_margin(model, seed):
    draw = random.Random(seed)
    for _ in range(400):
        found = greedy(model, [BOS, *[draw.randrange(3, VOCABULARY_SIZE) for _ in range(9)]], max_new_tokens=16)
        if found["margin"] > SMALLEST_MARGIN and len(found["newIds"]) > 10:
            return found
    raise RuntimeError("no prompt with a clear continuation")


def expectations(model, seed):
    examples = examples_of(seed)
    gradient = gradients_of(model, examples, PROMPT_WEIGHT)
    if model.config.model_type == "gpt_neox":
        # In transformers 5 the module has another name than its tensor in the checkpoint.
        names = {"lm_head.weight": "embed_out.weight"}
        gradient["parameters"] = {names.get(name, name): g for name, g in gradient["parameters"].items()}
    return {
        "promptWeight": PROMPT_WEIGHT,
        "examples": examples,
        "logits": logits_of(model, examples[0]["ids"]),
        "gradient": gradient,
    }


def make(name, seed):
    folder = FOLDER / name
    folder.mkdir(parents=True)
    save_model(folder, name, seed)
    expected = {**expectations(load_model(folder), seed), "generation": greedy_with_margin(load_model(folder), seed)}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    if name in FUSED:
        save_adapter(folder, name, "adapter", seed)
        save_adapter(folder, name, "dora", seed, use_dora=True)


def save_adapter(model_folder, name, kind, seed, **options):
    folder = model_folder / kind
    adapted = with_random_adapter(load_model(model_folder), seed, **options)
    adapted.save_pretrained(folder)
    (folder / "README.md").unlink()
    file = folder / "adapter_config.json"
    config = json.loads(file.read_text())
    config["target_modules"] = sorted(config["target_modules"])
    file.write_text(json.dumps({**config, "base_model_name_or_path": name}, indent=2, sort_keys=True) + "\n")
    (folder / "expected.json").write_text(json.dumps(expectations(adapted, seed)) + "\n")


if __name__ == "__main__":
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    measurements.SAMPLES = 8
    shutil.rmtree(FOLDER, ignore_errors=True)
    for seed, name in enumerate(MODELS, start=30):
        print(name, flush=True)
        make(name, seed)

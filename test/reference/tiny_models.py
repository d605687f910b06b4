"""Tiny Llamas with seeded random weights, in the shapes and spellings that stories260k does not have."""

import json
import shutil

import torch
from transformers import LlamaConfig, LlamaForCausalLM

VOCABULARY_SIZE = 256

# Three query heads share a KV head, the head dimension is not hidden_size / heads, every linear layer of a block has a
# bias, the embeddings are not tied, and config.json is spelt as before transformers 5.
TINY_BF16 = {
    "architectures": ["LlamaForCausalLM"],
    "attention_bias": True,
    "attention_dropout": 0.0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "head_dim": 8,
    "hidden_act": "silu",
    "hidden_size": 24,
    "initializer_range": 0.02,
    "intermediate_size": 40,
    "max_position_embeddings": 128,
    "mlp_bias": True,
    "model_type": "llama",
    "num_attention_heads": 6,
    "num_hidden_layers": 2,
    "num_key_value_heads": 2,
    "pretraining_tp": 1,
    "rms_norm_eps": 1e-06,
    "rope_scaling": None,
    "rope_theta": 500.0,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
    "transformers_version": "4.44.2",
    "use_cache": True,
    "vocab_size": VOCABULARY_SIZE,
}

# Only the keys that the first Llama checkpoints had: no KV heads, head dimension, rotary base or biases are named.
TINY_F16 = {
    "architectures": ["LlamaForCausalLM"],
    "bos_token_id": 1,
    "eos_token_id": 2,
    "hidden_act": "silu",
    "hidden_size": 24,
    "initializer_range": 0.02,
    "intermediate_size": 40,
    "max_position_embeddings": 128,
    "model_type": "llama",
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "rms_norm_eps": 1e-06,
    "tie_word_embeddings": False,
    "torch_dtype": "float16",
    "transformers_version": "4.28.0",
    "use_cache": True,
    "vocab_size": VOCABULARY_SIZE,
}


def randomize(model, generator):
    """Weights large enough that attention is not flat and logits differ by whole units. EOS speaks
    up twice as loud, so that some continuations end."""
    draw = lambda parameter: torch.randn(parameter.shape, generator=generator)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.copy_(0.2 * draw(parameter))
            elif "norm" in name:
                parameter.copy_(1 + 0.2 * draw(parameter))
            elif "embed_tokens" in name:
                parameter.copy_(draw(parameter))
            else:
                parameter.copy_(1.5 * draw(parameter) / parameter.shape[1] ** 0.5)
        model.lm_head.weight[model.config.eos_token_id] *= 2


def save_tiny_model(folder, config, dtype, seed):
    """Writes config.json + model.safetensors; gives the model back as it is after a reload, in f32."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spelling = json.dumps(config, indent=2) + "\n"
    (folder / "config.json").write_text(spelling)
    model = LlamaForCausalLM(LlamaConfig.from_pretrained(folder))
    randomize(model, torch.Generator().manual_seed(seed))
    model.to(dtype).save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "config.json").write_text(spelling)


def load_model(folder):
    """Weights upcast to f32 on load; attention written out, so that nothing depends on a kernel's choice."""
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    return model.eval()

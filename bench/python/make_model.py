"""Makes a Llama with random weights, and an adapter for it, that both sides of a benchmark load.

python make_model.py --config JSON --output DIR [--adapter DIR --rank 16] [--dtype bfloat16]

What exists already is kept: the same arguments always make the same weights.
"""

import argparse
import json
import math
import os

import torch
import transformers
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM


def read_arguments():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--config", required=True, help="sizes, as in config.json")
    arguments.add_argument("--output", required=True, help="folder of the model")
    arguments.add_argument("--adapter", help="folder of an adapter on every linear layer")
    arguments.add_argument("--rank", type=int, default=16)
    arguments.add_argument("--dtype", default="float32", help="of the model's weights")
    return arguments.parse_args()


def llama(config):
    return LlamaForCausalLM(LlamaConfig(**config, rms_norm_eps=1e-5, rope_theta=10000.0))


def make_model(config, folder, dtype):
    torch.manual_seed(0)
    torch.set_default_dtype(dtype)
    llama(config).save_pretrained(folder, max_shard_size="2GB")
    torch.set_default_dtype(torch.float32)


def make_adapter(config, folder, rank):
    """As PEFT draws one: A uniform, B zeros. Of a model without tensors, which may be larger than memory."""
    from peft import LoraConfig, get_peft_model

    with torch.device("meta"):
        model = llama(config)
    lora = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")
    adapted = get_peft_model(model, lora)
    torch.manual_seed(1)
    tensors = {}
    for name, parameter in adapted.named_parameters():
        if "lora_" not in name:
            continue
        values = torch.zeros(parameter.shape)
        if "lora_A" in name:
            torch.nn.init.kaiming_uniform_(values, a=math.sqrt(5))
        tensors[name.replace(".default", "")] = values
    adapted.peft_config["default"].save_pretrained(folder)
    save_file(tensors, os.path.join(folder, "adapter_model.safetensors"), metadata={"format": "pt"})


def main():
    options = read_arguments()
    transformers.utils.logging.disable_progress_bar()
    config = json.loads(options.config)
    files = ["model.safetensors", "model.safetensors.index.json"]
    if not any(os.path.exists(os.path.join(options.output, file)) for file in files):
        make_model(config, options.output, getattr(torch, options.dtype))
    if options.adapter and not os.path.exists(os.path.join(options.adapter, "adapter_model.safetensors")):
        make_adapter(config, options.adapter, options.rank)


if __name__ == "__main__":
    main()

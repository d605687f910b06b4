"""Makes a Llama with random weights, and an adapter for it, that both sides of a benchmark load.

python make_model.py --config JSON --output DIR [--adapter DIR --rank 16]

What exists already is kept: the same arguments always make the same weights.
"""

import argparse
import json
import os

import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM


def read_arguments():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--config", required=True, help="sizes, as in config.json")
    arguments.add_argument("--output", required=True, help="folder of the model")
    arguments.add_argument("--adapter", help="folder of an adapter on every linear layer")
    arguments.add_argument("--rank", type=int, default=16)
    return arguments.parse_args()


def make_model(config, folder):
    torch.manual_seed(0)
    model = LlamaForCausalLM(LlamaConfig(**config, tie_word_embeddings=True, rms_norm_eps=1e-5, rope_theta=10000.0))
    model.save_pretrained(folder)


def make_adapter(model_folder, folder, rank):
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(1)
    model = LlamaForCausalLM.from_pretrained(model_folder, dtype=torch.float32)
    lora = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")
    get_peft_model(model, lora).save_pretrained(folder, save_embedding_layers=False)


def main():
    options = read_arguments()
    transformers.utils.logging.disable_progress_bar()
    if not os.path.exists(os.path.join(options.output, "model.safetensors")):
        make_model(json.loads(options.config), options.output)
    if options.adapter and not os.path.exists(os.path.join(options.adapter, "adapter_model.safetensors")):
        make_adapter(options.output, options.adapter, options.rank)


if __name__ == "__main__":
    main()

"""The Python side of a generation benchmark: transformers' generate, greedy, with its cache.

python generate.py --job FILE.json [--precision bf16] [--new-tokens N] [--times N]

The last line of standard output is one JSON object (../README.md describes it); the first time is left out of the figures.
"""

import argparse
import json
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

from measure import describe, peak_resident_bytes, product_rates, use_all_cores


def read_arguments():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--job", required=True, help="JSON file: model, and examples of one length to continue")
    arguments.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    arguments.add_argument("--new-tokens", type=int, default=32)
    arguments.add_argument("--times", type=int, default=3)
    return arguments.parse_args()


def main():
    options = read_arguments()
    use_all_cores()
    transformers.utils.logging.disable_progress_bar()
    with open(options.job, encoding="utf-8") as file:
        job = json.load(file)
    dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[options.precision]
    model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=dtype, attn_implementation="sdpa").eval()
    # Neither side stops early.
    model.generation_config.eos_token_id = None
    prompts = torch.tensor([example["ids"] for example in job["examples"]])
    seconds = []
    for _ in range(options.times):
        began = time.perf_counter()
        with torch.inference_mode():
            written = model.generate(
                prompts,
                attention_mask=torch.ones_like(prompts),
                max_new_tokens=options.new_tokens,
                do_sample=False,
                pad_token_id=0,
            )
        seconds.append(time.perf_counter() - began)
    each = sum(seconds[1:]) / len(seconds[1:])
    result = {
        "tokensPerSecond": len(prompts) * options.new_tokens / each,
        "examplesPerSecond": len(prompts) / each,
        "stepSeconds": seconds[1:],
        "firstStepSeconds": seconds[0],
        "peakResidentBytes": peak_resident_bytes(),
        "losses": written[:, prompts.shape[1] :].flatten().tolist(),
        "productGflops": product_rates(),
        **describe(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

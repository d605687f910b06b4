"""What transformers and PEFT make of models and adapters: `peft_side.py JOBS.json`, a list of jobs done in order.

{"make": FOLDER, "model": FOLDER, "config": {LoraConfig's arguments}}   a PEFT adapter whose every parameter is random
{"logits": FILE, "model": FOLDER, "adapter": FOLDER or null, "ids": [...]}   row-major little-endian f32
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def make(job):
    torch.manual_seed(0)
    model = get_peft_model(load(job["model"]), LoraConfig(task_type="CAUSAL_LM", **job["config"]))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(0.05 * torch.randn(parameter.shape))
    model.save_pretrained(job["make"])


def logits(job):
    model = load(job["model"])
    if job["adapter"]:
        model = PeftModel.from_pretrained(model, job["adapter"]).eval()
    with torch.no_grad():
        values = model(input_ids=torch.tensor([job["ids"]])).logits[0]
    values.to(torch.float32).numpy().astype("<f4").tofile(job["logits"])


for one in json.loads(Path(sys.argv[1]).read_text()):
    make(one) if "make" in one else logits(one)

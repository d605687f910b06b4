"""What transformers and PEFT make of models and adapters: `peft_side.py JOBS.json`, a list of jobs done in order.

{"make": FOLDER, "model": FOLDER, "config": {LoraConfig's arguments}}   a PEFT adapter whose every parameter is random
{"logits": FILE, "model": FOLDER, "adapter": FOLDER or null, "ids": [...]}   row-major little-endian f32
{"ids": FILE, "tokenizer": FOLDER, "text": TEXT}   JSON

"vocabulary": N beside "model" gives it that many tokens first.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer


def load(job):
    model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32, attn_implementation="eager").eval()
    if "vocabulary" in job:
        model.resize_token_embeddings(job["vocabulary"])
    return model


def make(job):
    torch.manual_seed(0)
    model = get_peft_model(load(job), LoraConfig(task_type="CAUSAL_LM", **job["config"]))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(0.05 * torch.randn(parameter.shape))
    model.save_pretrained(job["make"])


def logits(job):
    model = load(job)
    if job["adapter"]:
        model = PeftModel.from_pretrained(model, job["adapter"]).eval()
    with torch.no_grad():
        values = model(input_ids=torch.tensor([job["ids"]])).logits[0]
    values.to(torch.float32).numpy().astype("<f4").tofile(job["logits"])


def tokenize(job):
    ids = AutoTokenizer.from_pretrained(job["tokenizer"])(job["text"], add_special_tokens=False)["input_ids"]
    Path(job["ids"]).write_text(json.dumps(ids))


for one in json.loads(Path(sys.argv[1]).read_text()):
    make(one) if "make" in one else tokenize(one) if "tokenizer" in one else logits(one)

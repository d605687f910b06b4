"""What transformers and PEFT make of models and adapters: `peft_side.py JOBS.json`, a list of jobs done in order.

{"make": FOLDER, "model": FOLDER, "config": {LoraConfig's arguments}}   a PEFT adapter whose every parameter is random
{"logits": FILE, "model": FOLDER, "adapter": FOLDER or null, "ids": [...]}   row-major little-endian f32
{"ids": FILE, "tokenizer": FOLDER, "text": TEXT}   JSON
{"told": FILE, "model": FOLDER, "messages": [...], "new": N}   {"promptIds", "newIds"}: asked as its chat template asks, until it stops

"vocabulary": N beside "model" gives it that many tokens first. A "model" may be a GGUF file.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer


def load(job):
    place = Path(job["model"])
    source = {"pretrained_model_name_or_path": place}
    if place.is_file():
        source = {"pretrained_model_name_or_path": place.parent, "gguf_file": place.name}
    model = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32, attn_implementation="eager").eval()
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


def tell(job):
    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    prompt = tokenizer.apply_chat_template(job["messages"], add_generation_prompt=True, return_dict=True, return_tensors="pt")
    ids = load(job).generate(**prompt, max_new_tokens=job["new"], do_sample=False)[0].tolist()
    length = prompt["input_ids"].shape[1]
    Path(job["told"]).write_text(json.dumps({"promptIds": ids[:length], "newIds": ids[length:]}))


def run(job):
    for name, work in (("make", make), ("told", tell), ("tokenizer", tokenize), ("logits", logits)):
        if name in job:
            return work(job)


for one in json.loads(Path(sys.argv[1]).read_text()):
    run(one)

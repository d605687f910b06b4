"""LoRA adapters in PEFT's own layout."""

import json
import shutil

import torch
from peft import LoraConfig, PeftModel, get_peft_model

RANK, ALPHA = 4, 8


def save_adapter(peft_model, folder, base):
    """adapter_config.json + adapter_model.safetensors. `base` is the base model's folder as the fixtures name it."""
    shutil.rmtree(folder, ignore_errors=True)
    peft_model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    config_file = folder / "adapter_config.json"
    config = json.loads(config_file.read_text())
    config["base_model_name_or_path"] = base
    config["target_modules"] = sorted(config["target_modules"])
    config_file.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def save_initial_adapter(model, folder, base, seed, **options):
    """A as PEFT draws it (Kaiming uniform), B = 0, on every linear layer but the output layer."""
    torch.manual_seed(seed)
    config = LoraConfig(
        r=RANK,
        lora_alpha=ALPHA,
        lora_dropout=0.0,
        target_modules="all-linear",
        bias="none",
        task_type="CAUSAL_LM",
        **options,
    )
    save_adapter(get_peft_model(model, config), folder, base)


def load_adapter(model, folder, trainable=False):
    return PeftModel.from_pretrained(model, folder, is_trainable=trainable)

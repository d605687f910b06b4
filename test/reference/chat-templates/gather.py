"""Gathers real chat templates into one fixture: packages/core/src/tokenizer/fixtures/chat-templates/templates.json.

    python gather.py FOLDER_OF_LLAMA_CPP FOLDER_OF_CHUJIEZHENG FOLDER_OF_TRL

each a folder of `.jinja` files (see the fixture's ATTRIBUTION.md for repositories and commits). What is special is what
the template itself writes in angle brackets with bars, and the usual `<s>`, `</s>`, `<start_of_turn>`; the
end-of-sequence token is that of the model's tokenizer_config.json, by family.
"""

import json
import re
import sys
from pathlib import Path

SPECIAL = re.compile(r"<\|[^|<>\s{}'\"]+\|>|<｜[^｜<>\s{}'\"]+｜>|</?s>|<(?:start|end)_of_turn>|\[gMASK\]|<sop>|<(?:bos|eos)>")

# The tokens that a tokenizer_config.json names, by a part of the file's name; the first that fits.
TOKENS = [
    ("c4ai-command", ("<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>")),
    ("cohere", ("<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>")),
    ("deepseek", ("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>")),
    ("gptoss", ("<|startoftext|>", "<|return|>")),
    ("glm", (None, "<|endoftext|>")),
    ("qwen", (None, "<|im_end|>")),
    ("nemotron", (None, "<|im_end|>")),
    ("lfm2", ("<|startoftext|>", "<|im_end|>")),
    ("chatml", (None, "<|im_end|>")),
    ("hermes", ("<|begin_of_text|>", "<|im_end|>")),
    ("gemma", ("<bos>", "<eos>")),
    ("functionary", ("<|begin_of_text|>", "<|eot_id|>")),
    ("firefunction", ("<|begin_of_text|>", "<|eot_id|>")),
    ("llama-3", ("<|begin_of_text|>", "<|eot_id|>")),
    ("llama3", ("<|begin_of_text|>", "<|eot_id|>")),
    ("phi", (None, "<|endoftext|>")),
    ("granite", (None, "<|end_of_text|>")),
    ("openchat", ("<s>", "<|end_of_turn|>")),
    ("falcon", (None, "<|endoftext|>")),
    ("", ("<s>", "</s>")),
]

# What generation_config.json lists beside it.
STOPS = {
    "glm": ["<|user|>", "<|observation|>"],
    "gemma": ["<end_of_turn>"],
    "phi": ["<|end|>"],
    "gptoss": ["<|call|>", "<|endoftext|>"],
    "llama-3": ["<|end_of_text|>", "<|eom_id|>"],
}

TRL = """cohere cohere2 deepseekv3 gemma3 glm4moe gptoss gptoss_training lfm2_2_5 llama3_1 nemotron_3_nano phi3 phi3_5
qwen2_5 qwen3 qwen3_training qwen3_5_think qwen3_5_nothink qwen3_instruct_2507""".split()


def entry(file: Path) -> dict:
    source = file.read_text(encoding="utf-8")
    # As its README loads them: they are indented to be read, and what stands on the indentation is no part of them.
    if file.parent.name == "chujiezheng":
        source = source.replace("    ", "").replace("\n", "")
    name = f"{file.parent.name}/{file.stem}"
    bos, eos = next(tokens for part, tokens in TOKENS if part in name.lower())
    stops = next((more for part, more in STOPS.items() if part in name.lower()), [])
    special = dict.fromkeys([*SPECIAL.findall(source), *([bos] if bos else []), eos, *stops])
    return {"name": name, "source": source, "bos": bos, "eos": eos, "stops": [eos, *stops], "special": list(special)}


def main() -> None:
    llama, chujiezheng, trl = (Path(folder) for folder in sys.argv[1:4])
    files = [*sorted(llama.glob("*.jinja")), *sorted(chujiezheng.glob("*.jinja"))]
    files += [trl / f"{name}.jinja" for name in TRL]
    target = Path(__file__).parents[3] / "packages/core/src/tokenizer/fixtures/chat-templates/templates.json"
    text = json.dumps([entry(file) for file in files], ensure_ascii=False, indent=1)
    target.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

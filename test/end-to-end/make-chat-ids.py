"""Makes chat-ids.json: the ids that transformers gives conversations with the small chat model of chat-model.ts.

    pip install transformers==5.23.0
    node --input-type=module-typescript -e "import { chatModel } from './chat-model.ts'; chatModel(process.argv[1])" FOLDER
    python make-chat-ids.py FOLDER/chat-model
"""

import json
import sys
from pathlib import Path

from transformers import AutoTokenizer

CONVERSATIONS = [
    ["Who is Lily?", "A girl."],
    ["Who is Lily?", "A girl.", "And Tim?", "A boy.\nHe is 5 years old."],
    ["  spaces  ", "(what?)", "naïve café €42", "你好"],
    ["a", "1", "b", "2", "c", "3"],
]


def ids_of(folder: str, rstrip: bool) -> list[list[int]]:
    path = Path(folder) / "tokenizer.json"
    tokenizer = json.loads(path.read_text())
    for token in tokenizer["added_tokens"]:
        token["rstrip"] = rstrip and token["content"].startswith("<|im_")
    path.write_text(json.dumps(tokenizer))
    loaded = AutoTokenizer.from_pretrained(folder)
    return [loaded.apply_chat_template(messages(said), return_dict=False) for said in CONVERSATIONS]


def messages(said: list[str]) -> list[dict[str, str]]:
    return [{"role": ["user", "assistant"][i % 2], "content": text} for i, text in enumerate(said)]


if __name__ == "__main__":
    folder = sys.argv[1]
    rows = [{"messages": messages(said)} for said in CONVERSATIONS]
    result = {"rows": rows, "plain": ids_of(folder, False), "rstrip": ids_of(folder, True)}
    (Path(__file__).parent / "chat-ids.json").write_text(json.dumps(result) + "\n")

"""What transformers makes of random conversations in every committed chat template, for
packages/core/src/jinja/fixtures/conversations.json: the beginning of each text's SHA-256, null where the template refuses.

    .venv/bin/python make_conversations.py
"""

import datetime
import hashlib
import json
import pathlib
import random

import transformers
from transformers.utils import chat_template_utils

HERE = pathlib.Path(__file__).parent
TEMPLATES = HERE / "../../../packages/core/src/tokenizer/fixtures/chat-templates"
TARGET = HERE / "../../../packages/core/src/jinja/fixtures/conversations.json"
CONVERSATIONS = 40

WORDS = ["hello", "a < b && c > 'd'", '"quoted"', "  indented\n    code", "trailing  \n\n", "über ß ǆ", "😀👩‍👩‍👧", "1.0", "null",
         "<think>plan\n  x</think>\n\n  answer", "</think>", "[TOOL_CALLS]", '{"a": 1}', "\\back\tslash", "\u00a0\u2003nb", "مرحبا",
         "日本語", "", "<|im_end|>", "line1\r\nline2", "x" * 50, "</s>"]
chance = random.Random(1)


class NoonOfOneDay(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 1, 31, 12, 4)


def text():
    return "".join(chance.choice(WORDS) + chance.choice(["", " ", "\n"]) for _ in range(chance.randint(0, 4)))


def value(depth=0):
    numbers = [0, -3, 1234567890123456789, 20.0, 1e-07, 0.5, 1e16, 3.14, 1e22, -0.0]
    kind = chance.randint(0, 7 if depth < 3 else 4)
    if kind < 2:
        return chance.choice([None, True, False])
    if kind < 4:
        return chance.choice(numbers)
    if kind == 4:
        return text()
    if kind == 5:
        return [value(depth + 1) for _ in range(chance.randint(0, 3))]
    return {chance.choice(["city", "Größe", "a b", "items", "keys", "name", "_p"]): value(depth + 1) for _ in range(chance.randint(0, 3))}


def arguments():
    return {chance.choice(["city", "days", "opts", "items", "q"]): value() for _ in range(chance.randint(0, 4))}


def tool():
    properties = {"city": {"type": "string", "description": text(), "enum": ["a", "ü"]},
                  "n": {"type": chance.choice(["integer", ["integer", "null"]]), "default": value()},
                  "o": {"type": "object", "properties": {"z": {"type": "number"}}, "required": ["z"]},
                  "l": {"type": "array", "items": {"type": "string"}}}
    parameters = {"type": "object", "properties": properties, "required": ["city"]}
    return {"type": "function", "function": {"name": chance.choice(["get_weather", "search"]), "description": text(), "parameters": parameters}}


def call(i):
    given = arguments() if chance.random() < 0.8 else json.dumps(arguments())
    return {"id": f"call{i:05}", "type": "function", "function": {"name": "get_weather", "arguments": given}}


def messages():
    said = [{"role": "system", "content": text()}] if chance.random() < 0.5 else []
    for _ in range(chance.randint(1, 4)):
        said.append({"role": "user", "content": text()})
        if chance.random() < 0.35:
            calls = [call(i) for i in range(chance.randint(1, 2))]
            said.append({"role": "assistant", "content": chance.choice([None, "", text()]), "tool_calls": calls})
            said += [{"role": "tool", "content": text(), "tool_call_id": one["id"], "name": "get_weather"} for one in calls]
        answer = {"role": "assistant", "content": text()}
        if chance.random() < 0.25:
            answer["reasoning_content"] = text()
        said.append(answer)
    if chance.random() < 0.3:
        said.append({"role": "user", "content": text()})
    return said


def conversation():
    return {"messages": messages(), "tools": [tool()] if chance.random() < 0.5 else None, "documents": None,
            "add_generation_prompt": chance.random() < 0.5, "bos_token": "<s>", "eos_token": "</s>"}


def templates():
    for golden in json.loads((TEMPLATES / "goldens.json").read_text(encoding="utf-8")):
        yield golden["name"], golden["template"]
    for name, config in json.loads((TEMPLATES / "model-configs.json").read_text(encoding="utf-8")).items():
        yield name, config["chat_template"]
    for one in json.loads((TEMPLATES / "templates.json").read_text(encoding="utf-8")):
        yield one["name"], one["source"]


def made(template, values):
    try:
        rendered = chat_template_utils._compile_jinja_template(template).render(**json.loads(values))
    except Exception:  # noqa: BLE001 — whatever it is, it is refused
        return None
    return hashlib.sha256(rendered.encode()).hexdigest()[:8]


def main():
    chat_template_utils.datetime = NoonOfOneDay
    conversations = [json.dumps(conversation(), ensure_ascii=False) for _ in range(CONVERSATIONS)]
    rows = {name: [made(template, values) for values in conversations] for name, template in templates()}
    with TARGET.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"transformers": transformers.__version__})[:-1] + ',\n"conversations": [\n')
        file.write(",\n".join(json.dumps(one, ensure_ascii=True) for one in conversations) + '\n],\n"texts": {\n')
        file.write(",\n".join(f"{json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in rows.items()) + "\n}}\n")
    print(len(rows), "templates,", sum(one is not None for row in rows.values() for one in row), "texts")


if __name__ == "__main__":
    main()

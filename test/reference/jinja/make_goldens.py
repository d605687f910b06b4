"""Writes into the goldens of real templates what transformers makes of them (those of the package they come from differ in one).

    .venv/bin/python make_goldens.py
"""

import json
import pathlib

from transformers.utils.chat_template_utils import _compile_jinja_template

FILE = pathlib.Path(__file__).parent / "../../../packages/core/src/tokenizer/fixtures/chat-templates/goldens.json"


def main():
    text = FILE.read_text(encoding="utf-8")
    goldens = json.loads(text)
    for golden in goldens:
        values = {"tools": None, "documents": None, "add_generation_prompt": False, **golden["data"]}
        made = _compile_jinja_template(golden["template"]).render(**values)
        # What tells the day is another text every day.
        if "strftime_now" not in golden["template"] and made != golden["expected"]:
            print("differs:", golden["name"])
            golden["expected"] = made
    FILE.write_text(dump(goldens), encoding="utf-8")


def dump(goldens):
    return json.dumps(goldens, ensure_ascii=False)


if __name__ == "__main__":
    main()

"""What transformers makes of `snippets.py`, for packages/core/src/jinja/fixtures/snippets.json.

    .venv/bin/pip install -r ../requirements.txt
    .venv/bin/python make_snippets.py

A line of an entry's template is one of the file's; `\n` stands there for a line end outside of quotes too.
"""

import itertools
import json
import pathlib
import re

import transformers
from transformers.utils.chat_template_utils import _compile_jinja_template

from snippets import GROUPS, VALUES

HERE = pathlib.Path(__file__).parent
TARGET = HERE / "../../../packages/core/src/jinja/fixtures/snippets.json"
# Values that differ from run to run, or from machine to machine.
UNSTABLE = re.compile(r"object at 0x|<function|<bound method|<built-in|generator object")

OPERANDS = ["none", "true", "0", "-3", "2.5", "7", "'ab'", "''", "[1, 2]", "(1,)", "{'a': 1}", "nope"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">=", "in", "not in", "and", "or"]
TESTS = ["defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "true", "false", "mapping",
         "sequence", "iterable", "callable", "odd", "even", "lower", "upper", "in [1, 'ab']", "eq 0", "sameas none"]
PLAIN_FILTERS = ["string", "length", "list", "first", "last", "int", "float", "abs", "upper", "title", "trim", "join(',')",
                 "sort", "reverse | list", "unique | list", "sum", "min", "max", "tojson", "default('d')", "default('d', true)",
                 "round", "string | length", "wordcount", "e", "items | list", "map('string') | list", "batch(2) | list", "dictsort"]


def handwritten():
    for group, text in GROUPS.items():
        for line in text.strip("\n").split("\n"):
            yield group, unescaped(line) if group == "statements" else line


def apart(template, values):
    """The parts of a line by themselves where one of them is an error, so that it hides no other."""
    if "error" in expected(template, values) and "{%" not in template:
        return re.split(r"(?<=\}\})\|(?=\{\{)", template)
    return [template]


def unescaped(line):
    """Line ends that are written `\\n` outside of quotes."""
    parts = re.split(r"('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", line)
    return "".join(part if i % 2 else part.replace("\\n", "\n") for i, part in enumerate(parts))


def tables():
    for operator, left in itertools.product(OPERATORS, OPERANDS):
        for right in OPERANDS:
            yield "operators", f"{{{{ ({left}) {operator} ({right}) }}}}"
    for test, value in itertools.product(TESTS, OPERANDS):
        yield "tests", f"{{{{ ({value}) is {test} }}}}"
    for one, value in itertools.product(PLAIN_FILTERS, OPERANDS):
        yield "filters of values", f"{{{{ ({value}) | {one} }}}}"


def expected(template, values):
    try:
        text = _compile_jinja_template(template).render(**values)
    except Exception as error:  # noqa: BLE001 — whatever it is, it is refused
        return {"error": type(error).__name__}
    return {"text": text}


def main():
    values = json.loads(VALUES)
    groups, skipped = {}, 0
    lines = ((group, part) for group, line in handwritten() for part in apart(line, values))
    for group, template in itertools.chain(lines, tables()):
        result = expected(template, values)
        if UNSTABLE.search(result.get("text", "")):
            skipped += 1
            print("skipped:", template)
            continue
        groups.setdefault(group, []).append([template, result["text"] if "text" in result else {"error": result["error"]}])
    counts = {group: len(entries) for group, entries in groups.items()}
    print(counts, sum(counts.values()), "skipped", skipped)
    for group in ["string methods", "numbers", "lists and dicts", "filters", "statements"]:
        for template, result in groups[group]:
            if isinstance(result, dict):
                print(f"{result['error']}: {template[:110]}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("w", encoding="utf-8") as file:
        head = json.dumps({"transformers": transformers.__version__, "values": VALUES.strip()}, ensure_ascii=False)
        file.write(head[:-1] + ',\n"groups": {')
        for i, (group, entries) in enumerate(groups.items()):
            file.write((",\n" if i else "\n") + json.dumps(group) + ": [\n")
            file.write(",\n".join(json.dumps(entry, ensure_ascii=True) for entry in entries) + "\n]")
        file.write("\n}}\n")


if __name__ == "__main__":
    main()

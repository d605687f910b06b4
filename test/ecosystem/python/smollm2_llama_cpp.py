"""What llama.cpp says with SmolLM2-135M-Instruct: fixtures/smollm2.json.

    python smollm2_llama_cpp.py Q4_1.gguf F32.gguf TEXTS.json > ../fixtures/smollm2.json

F32.gguf holds the same weights widened (`counterweight export --model Q4_1.gguf --to gguf --type f32`): on Q4_1 itself
llama.cpp rounds activations to eight bits, and tells other stories. TEXTS.json: a list of texts, whose ids are hashed.
The package `tokenizers` with the tokenizer.json that SmolLM2-135M-Instruct was published with gives the same hash (0.23).
llama-cpp-python 0.3.36, keys and values in f32.
"""
import hashlib
import json
import sys

from llama_cpp import Llama

quantised, wide, texts = sys.argv[1:4]
TURN = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
PROMPTS = [TURN.format(text) for text in [
    "What is the capital of France?",
    "Write a short poem about the sea.",
    "Explain why the sky is blue in two sentences.",
    "List three fruits and 3 prices: 12, 345, 6789.",
]] + ["Once upon a time, in a small village,"]


def continued(llm, prompt):
    ids = llm.tokenize(prompt.encode(), add_bos=False, special=True)
    llm.reset()
    llm.eval(ids)
    new = []
    while len(new) < 64 and (token := llm.sample(temp=0.0, top_k=1)) != llm.token_eos():
        new.append(token)
        llm.eval([token])
    return {"prompt": prompt, "ids": ids, "newIds": new}


vocabulary = Llama(model_path=quantised, vocab_only=True, verbose=False)
lines = [
    " ".join(map(str, vocabulary.tokenize(text.encode(), add_bos=False, special=True)))
    for text in json.load(open(texts))
]
model = Llama(model_path=wide, n_ctx=512, n_threads=1, n_threads_batch=1, type_k=0, type_v=0, verbose=False)
print(json.dumps({
    "textIds": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    "continuations": [continued(model, prompt) for prompt in PROMPTS],
}, indent=1))

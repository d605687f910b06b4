// `llama-cpp.mjs {"name", "model", "prompt", "newTokens"}`: prints the prompt's ids and those it goes on with. With "special"
// special tokens in the prompt are read as such; with "stop" it ends where the model does, without the token it ends at.
// "lora" is an adapter, as a GGUF file.

const {
  name,
  model: modelPath,
  lora,
  prompt,
  newTokens,
  special = false,
  stop = false,
} = JSON.parse(process.argv[2] ?? '');
const { getLlama } = await import(name);
// One thread: llama.cpp's threads wait for each other by spinning, which takes minutes where cores are shared.
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, maxThreads: 1, logLevel: 'error' });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 128, sequences: 1, threads: 1, lora });
const { bos, shouldPrependBosToken } = model.tokens;
const promptIds = [...(shouldPrependBosToken ? [bos] : []), ...model.tokenize(prompt, special)];
const newIds = [];
for await (const id of context.getSequence().evaluate(promptIds, { temperature: 0, yieldEogToken: !stop })) {
  newIds.push(id);
  if (newIds.length === newTokens) break;
}
console.log(`\n${JSON.stringify({ promptIds, newIds })}`);
process.exit(0);

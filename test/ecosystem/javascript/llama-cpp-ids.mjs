// `llama-cpp-ids.mjs {"name", "model", "texts"}`: prints the ids of each text, special tokens read as such.

const { name, model: modelPath, texts } = JSON.parse(process.argv[2] ?? '');
const { getLlama } = await import(name);
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, maxThreads: 1, logLevel: 'error' });
const model = await llama.loadModel({ modelPath, vocabOnly: true });
const ids = [];
for (const text of texts) ids.push([...model.tokenize(text, true)]);
console.log(`\n${JSON.stringify({ ids })}`);
process.exit(0);

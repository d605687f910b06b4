// `transformers-js.mjs {"name", "models", "model", "options", "prompt", "newTokens"}`: ids as llama-cpp.mjs.

const { name, models, model: folder, options, prompt, newTokens } = JSON.parse(process.argv[2] ?? '');
const { AutoModelForCausalLM, AutoTokenizer, env } = await import(name);
env.allowRemoteModels = false;
env.localModelPath = models;
const tokenizer = await AutoTokenizer.from_pretrained(folder);
const model = await AutoModelForCausalLM.from_pretrained(folder, options);
const inputs = await tokenizer(prompt);
const settings = { max_new_tokens: newTokens, do_sample: false };
// Version 2 takes ids and settings, later ones everything in one.
const generated = name.startsWith('@xenova')
  ? (await model.generate(inputs.input_ids, settings))[0]
  : (await model.generate({ ...inputs, ...settings })).tolist()[0];
const ids = generated.map(Number);
const length = inputs.input_ids.dims[1];
console.log(`\n${JSON.stringify({ promptIds: ids.slice(0, length), newIds: ids.slice(length) })}`);

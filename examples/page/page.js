// The model that `export --to onnx` has written, read by Transformers.js.
import { env, pipeline, TextStreamer } from '@huggingface/transformers';

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = '/models/';
if (env.backends.onnx.wasm) {
  env.backends.onnx.wasm.wasmPaths = '/onnxruntime/';
  // Several threads only where the page is isolated from others; one is plenty for this model.
  env.backends.onnx.wasm.numThreads = 1;
}

/** @type {<Element extends HTMLElement>(name: string) => Element} */
const find = (name) => /** @type {any} */ (document.querySelector(name));
/** @type {HTMLInputElement} */
const question = find('input');
/** @type {HTMLButtonElement} */
const button = find('button');
const output = find('output');

const generate = await pipeline('text-generation', 'shop', { dtype: 'fp32' });
output.textContent = '';
button.disabled = false;

find('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  output.textContent = '';
  const streamer = new TextStreamer(generate.tokenizer, {
    skip_prompt: true,
    skip_special_tokens: true,
    callback_function: (/** @type {string} */ text) => output.append(text),
  });
  // The question as the rows had it, with a line's end behind it.
  await generate(`${question.value}\n`, { max_new_tokens: 64, do_sample: false, streamer });
  output.dataset.done = 'true';
});

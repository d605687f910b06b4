/**
 * A model in a browser: it is trained, written as ONNX, and asked in a page by Transformers.js. No server computes anything;
 * this one hands out files.
 *
 *     node examples/page.ts          # then open the address that it prints; PORT=8080 takes a certain port
 */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';
import { exportModel, fineTune, plain } from '@counterweight/core';
import { questions } from './shop-questions.ts';
import { at, model, newFolder, printBeforeAndAfter } from './workspace.ts';

const data = questions.map(({ question, answer }) => ({ prompt: `${question}\n`, completion: answer }));
const { run, ...result } = await fineTune({
  ...{ recipe: plain(), model, data, evalData: data, output: await newFolder() },
  training: { method: 'full', learningRate: 3e-3, maxSteps: 60, batchSize: 6 },
});
printBeforeAndAfter(result);
const { output } = await exportModel({ run, to: 'onnx' });

// Where a page of yours has a bundler or a CDN: Transformers.js for browsers, and what computes in it.
const require = createRequire(import.meta.url);
const transformers = dirname(require.resolve('@huggingface/transformers'));
const onnxruntime = dirname(createRequire(join(transformers, 'x')).resolve('onnxruntime-web'));
const folders: Readonly<Record<string, string>> = {
  '/models/shop/': output,
  '/onnxruntime/': onnxruntime,
  '/transformers/': transformers,
  '/': at('examples/page'),
};
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** The file that is asked for, within its folder. */
function fileOf(path: string): string | undefined {
  const prefix = Object.keys(folders).find((each) => path.startsWith(each)) as string;
  const name = normalize(`/${path === '/' ? 'index.html' : path.slice(prefix.length)}`);
  const file = join(folders[prefix] as string, name);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

const server = createServer((request, response) => {
  const file = fileOf(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
  response.writeHead(file ? 200 : 404, { 'content-type': types[extname(file ?? '')] ?? 'application/octet-stream' });
  if (file) createReadStream(file).pipe(response);
  else response.end();
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`\nOpen http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}

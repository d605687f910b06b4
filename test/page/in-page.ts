/** What the page runs: in a worker of it, or in itself. Bundled by page.test.ts. */
import { openWebEngine } from '../../packages/core/src/web/index.ts';
import { trainSteps } from './train-steps.ts';

const scope = globalThis as unknown as {
  document?: unknown;
  postMessage(message: unknown): void;
  trained?: Promise<unknown>;
};

async function train() {
  const { description } = await openWebEngine(['/relaxed-simd.wasm', '/simd128.wasm'], { threads: 2 });
  return { description, losses: await trainSteps() };
}

if (scope.document === undefined) {
  train().then(
    (trained) => scope.postMessage(trained),
    (error) => scope.postMessage({ error: String(error) }),
  );
} else scope.trained = train();

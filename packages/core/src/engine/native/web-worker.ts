import { type ThreadStart, threadProgram } from './wasm-thread.ts';

/** As much of a page's workers as the engine uses: Node's types do not hold it. */
interface WebWorker {
  postMessage(message: unknown): void;
}
const { Worker } = globalThis as unknown as { readonly Worker: new (url: string) => WebWorker };

/** Starts a thread in a page that is cross-origin isolated; it ends with the page. */
export function startWebThread(start: ThreadStart): void {
  const program = `onmessage = ({ data }) => ${threadProgram('data', 'console.error')}`;
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  new Worker(url).postMessage(start);
}

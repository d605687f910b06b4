/** The engine in a page: a backend of tfjs-core, as WebAssembly. */
export type { Engine } from '../tensor/engine.ts';
export { openWebEngine } from './open-web-engine.ts';

#!/usr/bin/env node
import * as nodeModule from 'node:module';
import packageJson from '../package.json' with { type: 'json' };
import { nodeRefusal } from './node-range.ts';
import { listenForSignals } from './signals.ts';

// Before anything is loaded that an older Node cannot load.
const refusal = nodeRefusal(packageJson.engines.node, process.versions.node);
if (refusal !== undefined) {
  process.stderr.write(`error: ${refusal}\n`);
  process.exit(2);
}
// Before anything else is loaded: a signal is heard from the first moment on.
const signal = listenForSignals(process);
// What was compiled last time need not be again: a third of the time until a command begins.
nodeModule.enableCompileCache();
const { main } = await import('./process.ts');
await main(signal);

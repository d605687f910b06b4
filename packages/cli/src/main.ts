#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { listenForSignals } from './signals.ts';

// Before anything else is loaded: a signal is heard from the first moment on.
const signal = listenForSignals(process);
// What was compiled last time need not be again: a third of the time until a command begins.
enableCompileCache();
const { main } = await import('./process.ts');
await main(signal);

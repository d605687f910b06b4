#!/usr/bin/env node
import { listenForSignals } from './signals.ts';

// Before anything else is loaded: a signal is heard from the first moment on.
const signal = listenForSignals(process);
const { main } = await import('./process.ts');
await main(signal);

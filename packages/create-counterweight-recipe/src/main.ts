#!/usr/bin/env node
import { create } from './create.ts';
import { Mistake } from './mistake.ts';
import { Left } from './terminal.ts';

try {
  await create(process.argv.slice(2), process, process.cwd());
} catch (error) {
  if (!(error instanceof Mistake || error instanceof Left)) throw error;
  process.stderr.write(`\n${error.message}\n`.slice(error instanceof Left ? 0 : 1));
  process.exitCode = error instanceof Left ? 130 : 2;
}

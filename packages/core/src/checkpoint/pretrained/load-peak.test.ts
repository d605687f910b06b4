import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { enginesWithKernels } from '../../test-support/engines.ts';

const program = new URL('../../test-support/measure-load.ts', import.meta.url).pathname;
const native = (await enginesWithKernels()).includes('native');
/** What V8 takes meanwhile. */
const OWN = 16e6;

it.skipIf(process.platform !== 'linux' || !native).each(['int8', 'int4'])(
  'quantising to %s takes no more memory than the quantised model and one tensor',
  (quantize) => {
    const output = execFileSync(process.execPath, [program, quantize], { encoding: 'utf8' });
    const { file, quantized, largest, more } = JSON.parse(output) as Record<
      'file' | 'quantized' | 'largest' | 'more',
      number
    >;
    expect(quantized).toBeLessThan(file / 3);
    expect(more).toBeLessThan(quantized + largest + OWN);
  },
  60_000,
);

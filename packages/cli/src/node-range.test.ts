import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { nodeRefusal } from './node-range.ts';

describe('nodeRefusal', () => {
  it.each(['20.19.0', '22.9.0', '22.17.1'])('says to %s what is needed and how to get it', (running) => {
    const refusal = nodeRefusal(packageJson.engines.node, running);
    expect(refusal).toMatch(/needs Node 22[.]18[.]0 or newer, and this is [\d.]+[.]\n {2}fix: .*node@24/);
    expect(refusal).toContain(running);
  });

  it.each(['22.18.0', '22.18.1', '22.19.0', '24.0.0', process.versions.node])('says nothing to %s', (running) => {
    expect(nodeRefusal(packageJson.engines.node, running)).toBeUndefined();
  });
});

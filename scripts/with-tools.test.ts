import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { satisfies } from './with-tools.mjs';

const script = fileURLToPath(new URL('with-tools.mjs', import.meta.url));

describe('satisfies', () => {
  const range = '^22.18.0 || ^24.11.0 || >=26.0.0';
  it.each(['22.18.0', '22.20.1', '24.11.0', '24.21.0', '26.0.0', '31.4.1', 'v26.1.0\n'])('takes %s', (version) => {
    expect(satisfies(version, range)).toBe(true);
  });
  it.each(['20.20.2', '22.17.9', '23.11.0', '24.10.9', '25.9.9', '', 'command not found'])('refuses %j', (version) => {
    expect(satisfies(version, range)).toBe(false);
  });
});

describe('with-tools', () => {
  it('runs the command with its arguments as they are and hands on its exit code', () => {
    const script42 = 'console.log(process.argv[1]); process.exit(42)';
    const ran = spawnSync(process.execPath, [script, 'node', '-e', script42, 'two words'], { encoding: 'utf8' });
    expect(ran.stdout).toBe('two words\n');
    expect(ran.status).toBe(42);
  });

  it('asks for a command', () => {
    const ran = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect(ran.stderr).toContain('usage:');
    expect(ran.status).toBe(2);
  });
});

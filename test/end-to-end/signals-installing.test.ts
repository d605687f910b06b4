import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInstallation } from '@counterweight/core';
import { expect, it } from 'vitest';
import { newFolder, watchCounterweight } from './command.ts';

const hasPlan = (): boolean => {
  try {
    return describeInstallation().folder !== '';
  } catch {
    return false;
  }
};

it.skipIf(!hasPlan())('engine install ends at a signal while a program is at work, and leaves no engine', async () => {
  const folder = newFolder();
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  const tool = (name: string, script: string) => {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(tools, name), 0o755);
  };
  tool('c++', 'exit 0');
  tool('python3', 'exit 0');
  // Whoever has started it is told to stop; it would itself go on for ten minutes.
  tool('npm', 'case "$*" in *install*) kill -TERM "$PPID"; exec sleep 600;; esac');
  const home = join(folder, 'home');
  const { code, json, stderr } = await watchCounterweight(['engine', 'install', '--json'], {
    env: { COUNTERWEIGHT_HOME: home, PATH: `${tools}:${process.env.PATH}`, CXX: '' },
  });
  expect(code, stderr).toBe(143);
  expect(json()).toMatchObject({ error: { code: 'interrupted', signal: 'SIGTERM' } });
  expect(readdirSync(join(home, 'engines'))).toEqual([]);
});

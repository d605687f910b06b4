import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@counterweight/core/files';
import { expect, it } from 'vitest';
import { takeFolderLease } from './folder-lease.ts';

const lost = (where: string) => new UserError({ code: 'output-in-use', problem: 'It is lost.', where, fix: 'Wait.' });
const take = async (file: string) => {
  const lease = await takeFolderLease<{ at: number }>(file, lost);
  if ('heldBy' in lease) throw new Error('Somebody has it.');
  return lease;
};
const fresh = () => join(mkdtempSync(join(tmpdir(), 'lease-')), 'record.json');

it('gives what was written down to whoever takes it next', async () => {
  const file = fresh();
  const first = await take(file);
  expect(first.progress).toBeUndefined();
  await first.write({ at: 3 });
  await expect(take(file)).rejects.toThrow('Somebody has it.');
  await first.release();
  expect((await take(file)).progress).toEqual({ at: 3 });
});

it('does not take a record that it cannot read for none, leaves it, and lets the lease go', async () => {
  const file = fresh();
  writeFileSync(file, '{"at": ');
  await expect(take(file)).rejects.toMatchObject({ code: 'file-malformed', where: file });
  expect(readFileSync(file, 'utf8')).toBe('{"at": ');
  writeFileSync(file, '{"at": 4}');
  expect((await take(file)).progress).toEqual({ at: 4 });
});

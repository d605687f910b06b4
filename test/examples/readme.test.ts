import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../../examples/', import.meta.url);
/** What programs share, and no program itself. */
const shared = ['workspace.ts', 'shop-questions.ts'];

it('the README lists every example, and none that is not there', () => {
  const programs = readdirSync(folder).filter((name) => name.endsWith('.ts') && !shared.includes(name));
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  const listed = [...readme.matchAll(/\]\(([\w-]+\.ts)\)/g)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual(programs.toSorted());
});

it('every example says how it is run', () => {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.ts') && !shared.includes(each))) {
    expect(readFileSync(new URL(name, folder), 'utf8'), name).toContain(`node examples/${name}`);
  }
});

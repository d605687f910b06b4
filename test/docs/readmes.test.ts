import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { familyNames } from '../../packages/core/src/model/families/index.ts';
import { schemas } from '../../scripts/docs/recipe-schemas.ts';
import { textOf } from './blocks.ts';

/** What READMEs tell in words of their own is what there is. */

it('README names every family', () => {
  const said = /of the families ([^.]+)\./.exec(textOf('README.md').replaceAll('\n', ' '))?.[1];
  expect(said?.split(/, | and /).sort()).toEqual([...familyNames].sort());
});

describe.each(Object.entries(schemas))('recipe %s', (name, schema) => {
  it('tells of every option in its README', () => {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    const options = new Set([json, ...(json.oneOf ?? [])].flatMap(({ properties = {} }) => Object.keys(properties)));
    const readme = textOf(`packages/recipe-${name}/README.md`);
    expect(options.size).toBeGreaterThan(4);
    expect([...options].filter((option) => !new RegExp(`\\b${option}\\b`).test(readme))).toEqual([]);
  });
});

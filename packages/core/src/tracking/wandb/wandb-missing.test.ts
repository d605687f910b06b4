import { expect, it, vi } from 'vitest';
import { wandb } from './wandb.ts';

vi.mock('import-meta-resolve', () => ({
  resolve: (name: string) => {
    throw new Error(`Cannot find package ${name}`);
  },
}));

it('says what to install where the package is missing', () => {
  expect(() => wandb({ project: 'support' })).toThrow(
    /own package, which is not installed.*\n.*option wandb\n.*npm install @wandb\/sdk graphql/,
  );
});

import { UserError } from '../../errors.ts';

/** @param where in the schema: `#/properties/name` */
export const unsupported = (where: string, problem: string): UserError =>
  new UserError({
    code: 'option-invalid',
    problem: `The JSON schema can't be kept to: ${where} ${problem}.`,
    where: 'the JSON schema of the output',
    fix: 'Say it with types, properties, required, items, enum, const, anyOf, bounds and lengths; check the rest afterwards.',
  });

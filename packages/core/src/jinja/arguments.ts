import { typeError } from './errors.ts';
import type { Arguments, Value } from './values.ts';

/**
 * Says which argument is which. A signature is names with spaces between them: `old new count?`, where `?` means that it may
 * be missing, and what stands after `/` cannot be named.
 */
export type Binder = (args: Arguments) => readonly (Value | undefined)[];

export function signature(name: string, text: string): Binder {
  const parameters = text === '' ? [] : text.split(' ').map((one) => one.replace('?', ''));
  const needed = text === '' ? 0 : text.split(' ').filter((one) => !one.endsWith('?')).length;
  return ({ positional, named }) => {
    if (positional.length > parameters.length) {
      throw typeError(`${name}() takes at most ${parameters.length} arguments (${positional.length} given)`);
    }
    const bound: (Value | undefined)[] = [...positional];
    for (const [key, value] of named ?? []) {
      const place = parameters.indexOf(key);
      if (place < 0) throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
      if (place < positional.length) throw typeError(`${name}() got multiple values for argument '${key}'`);
      bound[place] = value;
    }
    for (let i = 0; i < needed; i++) {
      if (bound[i] === undefined)
        throw typeError(`${name}() missing required argument '${parameters[i]}' (pos ${i + 1})`);
    }
    return bound;
  };
}

/** For what takes no arguments by name. */
export function positionalOnly(name: string, args: Arguments, least: number, most: number): readonly Value[] {
  if (args.named && args.named.size > 0) throw typeError(`${name}() takes no keyword arguments`);
  const { length } = args.positional;
  if (length < least)
    throw typeError(`${name} expected at least ${least} argument${least === 1 ? '' : 's'}, got ${length}`);
  if (length > most)
    throw typeError(`${name} expected at most ${most} argument${most === 1 ? '' : 's'}, got ${length}`);
  return args.positional;
}

import { positionalOnly, signature } from './arguments.ts';
import { dict, setEntry } from './dict.ts';
import { JinjaError, typeError, valueError } from './errors.ts';
import { toArray } from './iterate.ts';
import { str } from './repr.ts';
import { strftime } from './strftime.ts';
import {
  type Arguments,
  callable,
  type Dict,
  indexOf,
  isKind,
  type Range,
  type Thing,
  textOf,
  type Value,
} from './values.ts';

const LONGEST_RANGE = 100_000;

/** The functions that every template may call. @param date what `strftime_now` tells */
export function globalsAt(date: Date): Map<string, Value> {
  const bindException = signature('raise_exception', 'message');
  const bindFormat = signature('strftime_now', 'format');
  return new Map<string, Value>([
    [
      'raise_exception',
      callable('raise_exception', (args) => {
        throw new JinjaError('TemplateError', str(bindException(args)[0] as Value));
      }),
    ],
    ['strftime_now', callable('strftime_now', (args) => strftime(date, textOf(bindFormat(args)[0] as Value)))],
    ['range', callable('range', rangeOf)],
    [
      'dict',
      {
        ...callable('dict', dictOf),
        type: 'TemplateDict',
        attribute: (name) => (name === 'fromkeys' ? callable('fromkeys', fromKeys) : undefined),
      },
    ],
    ['namespace', callable('namespace', namespaceOf)],
    ['cycler', callable('cycler', cyclerOf)],
    ['joiner', callable('joiner', joinerOf)],
    [
      'lipsum',
      callable('lipsum', () => {
        throw valueError('lipsum draws lots, and a chat template has one text');
      }),
    ],
  ]);
}

function rangeOf(args: Arguments): Range {
  const given = positionalOnly('range', args, 1, 3).map(indexOf);
  const [start, stop, step] =
    given.length === 1 ? [0, given[0] as number, 1] : [given[0] as number, given[1] as number, given[2] ?? 1];
  if (step === 0) throw valueError('range() arg 3 must not be zero');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > LONGEST_RANGE) {
    throw new JinjaError(
      'OverflowError',
      `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${LONGEST_RANGE}).`,
    );
  }
  return { kind: 'range', start, stop, step, length };
}

function dictOf({ positional, named }: Arguments): Dict {
  if (positional.length > 1) throw typeError(`dict expected at most 1 argument, got ${positional.length}`);
  const made = dict();
  const [from] = positional;
  if (from !== undefined) {
    if (isKind(from, 'dict')) for (const [key, value] of from.entries.values()) setEntry(made, key, value);
    else for (const pair of toArray(from)) setPair(made, pair);
  }
  for (const [name, value] of named ?? []) setEntry(made, name, value);
  return made;
}

function setPair(made: Dict, pair: Value): void {
  const [key, value, ...more] = toArray(pair);
  if (key === undefined || value === undefined || more.length > 0) {
    throw valueError(`dictionary update sequence element has length ${toArray(pair).length}; 2 is required`);
  }
  setEntry(made, key, value);
}

function fromKeys(args: Arguments): Dict {
  const [keys, value = null] = positionalOnly('fromkeys', args, 1, 2);
  return dict(toArray(keys as Value).map((key) => [key, value] as const));
}

function namespaceOf(args: Arguments): Value {
  const attributes = new Map<string, Value>();
  for (const [key, value] of dictOf(args).entries.values()) {
    const name = textOf(key, 'the name of an attribute');
    if (name.startsWith('_')) {
      throw new JinjaError('SecurityError', `a namespace has no attributes that begin with an underscore (${name})`);
    }
    attributes.set(name, value);
  }
  return { kind: 'namespace', attributes };
}

function cyclerOf({ positional }: Arguments): Thing {
  if (positional.length === 0) throw typeError('at least one item has to be provided');
  let place = 0;
  const methods: Readonly<Record<string, () => Value>> = {
    next: () => {
      const item = positional[place] as Value;
      place = (place + 1) % positional.length;
      return item;
    },
    reset: () => {
      place = 0;
      return null;
    },
  };
  return {
    kind: 'thing',
    type: 'Cycler',
    repr: () => '<Cycler>',
    attribute: (name) => {
      if (name === 'current') return positional[place];
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      return method && callable(name, method);
    },
  };
}

const bindJoiner = signature('joiner', 'sep?');

function joinerOf(args: Arguments): Thing {
  const [separator = ', '] = bindJoiner(args);
  let isUsed = false;
  return {
    kind: 'thing',
    type: 'Joiner',
    repr: () => '<Joiner>',
    call: () => {
      const joint = isUsed ? separator : '';
      isUsed = true;
      return joint;
    },
  };
}

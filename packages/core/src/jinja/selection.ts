import { getItem } from './attributes.ts';
import { isUndefined, type Value } from './values.ts';

/** What filters take of every element: `attribute` is a name, a place, or several of them with points between. */
export function attributeGetter(
  attribute: Value,
  { change = (value: Value): Value => value, otherwise = null as Value } = {},
): (item: Value) => Value {
  const parts = partsOf(attribute);
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = getItem(value, part);
      if (otherwise !== null && isUndefined(value)) value = otherwise;
    }
    return change(value);
  };
}

/** Of a text with commas, several. */
export function attributeGetters(attribute: Value, change: (value: Value) => Value): (item: Value) => Value[] {
  const attributes = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const getters = attributes.map((one) => attributeGetter(one, { change }));
  return (item) => getters.map((get) => get(item));
}

function partsOf(attribute: Value): Value[] {
  if (attribute === null) return [];
  if (typeof attribute !== 'string') return [attribute];
  return attribute.split('.').map((part) => (/^\p{Nd}+$/u.test(part) ? Number(part) : part));
}

/** Texts that differ in case only are alike, unless a filter is told otherwise. */
export const ignoringCase = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);

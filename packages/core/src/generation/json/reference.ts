import { unsupported } from './schema-errors.ts';

/** `#`, or a path from it: `#/$defs/item`. */
export function resolveReference(schema: unknown, reference: unknown, place: string): unknown {
  if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) {
    throw unsupported(
      `${place}/$ref`,
      `is ${JSON.stringify(reference)}: a reference stays within the schema (#/$defs/…)`,
    );
  }
  const names = reference.split('/').slice(1);
  const found = names.reduce<unknown>((within, name) => {
    const own = decoded(name).replaceAll('~1', '/').replaceAll('~0', '~');
    return within !== null && typeof within === 'object' && Object.hasOwn(within, own)
      ? (within as Record<string, unknown>)[own]
      : undefined;
  }, schema);
  if (found === undefined) throw unsupported(`${place}/$ref`, `is ${JSON.stringify(reference)}, and nothing is there`);
  return found;
}

/** As a URL writes it; what is no such text is itself. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

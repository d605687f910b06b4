/**
 * An e-mail address as people write one: what RFC 5322 allows unquoted before the @, letters of any script included,
 * and a domain with a top level of two letters or more after it. `name@localhost` and "@handle" are none.
 * Starts only where no character of an address precedes, so that a text is read once.
 */
const ADDRESS =
  /(?<![\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-])[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-][\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}{2,63}(?![\p{L}\p{N}])/gu;

export function maskEmailAddresses(text: string, mask: string): { text: string; count: number } {
  let count = 0;
  const masked = text.replace(ADDRESS, () => {
    count += 1;
    return mask;
  });
  return { text: masked, count };
}

/**
 * What to say to somebody whose Node is too old; undefined where it is not.
 * @param range of package.json's `engines`: `>=22.18.0`
 */
export function nodeRefusal(range: string, running: string): string | undefined {
  const oldest = range.replace('>=', '');
  const [wanted, own] = [oldest, running].map((version) => version.split('.').map(Number));
  const at = wanted?.findIndex((part, i) => part !== own?.[i]) ?? -1;
  if (at < 0 || Number(own?.[at]) > Number(wanted?.[at])) return undefined;
  return `Counterweight needs Node ${oldest} or newer, and this is ${running}.\n  fix:   Install a current Node, or run it with one: npx --package=node@24 --package=@counterweight/cli counterweight`;
}

/** What is used of jstat, which has no types of its own. */
declare module 'jstat' {
  interface Distribution {
    cdf(value: number, ...parameters: number[]): number;
    inv(probability: number, ...parameters: number[]): number;
  }
  const jStat: { readonly studentt: Distribution; readonly noncentralt: Distribution; readonly normal: Distribution };
  export default jStat;
}

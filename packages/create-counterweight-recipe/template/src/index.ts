export type { MyDomainOptions, MyDomainOptionsInput } from './options.ts';
export { myDomain, myDomain as default } from './recipe.ts';
export type { MyDomainRow } from './row.ts';

export type { MyDomainOptions, MyDomainOptionsInput } from './options.ts';
// The command line makes flags of these options: `counterweight train --recipe … --instruction 'Be brief.'`.
export { optionsSchema } from './options.ts';
export { myDomain, myDomain as default } from './recipe.ts';
export type { MyDomainRow } from './row.ts';

export type { SupportOptions, SupportOptionsInput } from './options.ts';
export type { SupportRow } from './row.ts';
export { support } from './support.ts';

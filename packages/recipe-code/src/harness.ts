/** Where the programs lie that run programs; beside `src` and beside `dist`. */
export const harnessUrl = new URL('../harness/', import.meta.url);

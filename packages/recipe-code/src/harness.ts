/** Where the programs lie that run programs; beside `src` and beside `dist`. */
export const harnessUrl = new URL('../harness/', import.meta.url);

/** The process that programs are started from, from source and from `dist` alike. */
export const launcherUrl = new URL(
  import.meta.url.endsWith('.ts') ? './sandbox/launcher.ts' : './sandbox/launcher.js',
  import.meta.url,
);

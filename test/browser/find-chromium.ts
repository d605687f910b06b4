import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A browser of the machine's own: `COUNTERWEIGHT_CHROMIUM`, or one on the PATH. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((path) => join(path, name)),
  );
  return [process.env.COUNTERWEIGHT_CHROMIUM ?? '', ...places].find((path) => {
    try {
      return path !== '' && readFileSync(path).length > 0;
    } catch {
      return false;
    }
  });
}

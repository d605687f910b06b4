import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** For tests, loaded before the command line: as soon as it reads a file of many rows, it gets a SIGTERM. */
const createReadStream = fs.createReadStream;
let sent = false;
fs.createReadStream = ((...parameters: Parameters<typeof createReadStream>) => {
  const stream = createReadStream(...parameters);
  if (!sent && String(parameters[0]).endsWith('many.jsonl')) {
    sent = true;
    stream.once('data', () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 300));
    stream.pause();
  }
  return stream;
}) as typeof createReadStream;
syncBuiltinESMExports();

import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { S3mini } from 's3mini';
import { ensureVenv } from '../../bench/venv.ts';
import { fetchOverHttp } from '../../packages/core/src/files/index.ts';
import { freePorts } from './free-ports.ts';

/** Object storage of this machine's own, in memory, with a bucket `lab`. */
export interface ObjectStore {
  readonly bucket: S3mini;
  /** For whoever works with it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): void;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ACCESS = { accessKeyId: 'key', secretAccessKey: 'secret', region: 'eu-west-1' } as const;

/** The Python that has moto's server; undefined where it cannot be installed. */
function motoPython(): string | undefined {
  try {
    return ensureVenv({ folder: at('node_modules/.tools/moto'), requirementsFile: at('moto.txt') });
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
}

export const hasObjectStore = (): boolean => motoPython() !== undefined;

export async function startObjectStore(): Promise<ObjectStore> {
  const [port = 0] = await freePorts(1);
  const server = spawn(join(dirname(motoPython() as string), 'moto_server'), ['-p', `${port}`], { stdio: 'ignore' });
  const address = `http://127.0.0.1:${port}`;
  while (!(await fetchOverHttp(address).catch(() => undefined))) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with ${server.exitCode}.`);
    await sleep(200);
  }
  const bucket = new S3mini({ ...ACCESS, endpoint: `${address}/lab`, fetch: fetchOverHttp });
  await bucket.createBucket();
  return {
    bucket,
    env: {
      AWS_ACCESS_KEY_ID: ACCESS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ACCESS.secretAccessKey,
      AWS_REGION: ACCESS.region,
      AWS_ENDPOINT_URL: address,
    },
    stop: () => server.kill(),
  };
}

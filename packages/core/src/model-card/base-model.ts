import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hubAccess } from '../hub/access.ts';
import type { RunDescription } from '../run/describe-run.ts';

/** The model that a run began with, as its card names it. */
export interface BaseModel {
  /** On the hub; undefined where the run began with a folder and nobody said what it is. */
  readonly id: string | undefined;
  readonly commit: string | undefined;
  /** The GGUF file of it that the run began with. */
  readonly file?: string | undefined;
  /** As the model itself says it; undefined where it says nothing that could be read: never guessed. */
  readonly license: License | undefined;
}

export interface License {
  readonly id: string;
  /** Of a licence that is `other`. */
  readonly name?: string;
  readonly link?: string;
}

/** @param given the id, where the run does not know it */
export async function describeBaseModel(
  { model }: RunDescription,
  { given, signal }: { readonly given: string | undefined; readonly signal: AbortSignal | undefined },
): Promise<BaseModel> {
  const id = given ?? model.hub?.id;
  const known = given === undefined || given === model.hub?.id ? model.hub : undefined;
  const license =
    (await licenseInFolder(model.folder)) ?? (id === undefined ? undefined : await licenseOnHub(id, signal));
  return { id, commit: known?.commit, file: known?.file, license };
}

/** What the README beside the weights says. */
async function licenseInFolder(folder: string): Promise<License | undefined> {
  const readme = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
  const [, front = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readme) ?? [];
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*["']?([^"'\\r\\n]+?)["']?[ \\t]*$`, 'm').exec(front)?.[1];
  return licenseOf({
    license: field('license'),
    license_name: field('license_name'),
    license_link: field('license_link'),
  });
}

/** What the hub shows of it. Without network, or without a model of that name, nothing is known. */
async function licenseOnHub(id: string, signal: AbortSignal | undefined): Promise<License | undefined> {
  if (/^(1|on|yes|true)$/i.test(process.env.HF_HUB_OFFLINE ?? '')) return undefined;
  const { hub, access } = await hubAccess(signal);
  try {
    const { cardData } = await hub.modelInfo({ name: id, additionalFields: ['cardData'], ...access });
    return licenseOf((cardData ?? {}) as CardFields);
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

interface CardFields {
  readonly license?: unknown;
  readonly license_name?: unknown;
  readonly license_link?: unknown;
}

function licenseOf({ license, license_name, license_link }: CardFields): License | undefined {
  const [id] = [license].flat();
  if (typeof id !== 'string' || id === '') return undefined;
  return {
    id,
    ...(typeof license_name === 'string' && { name: license_name }),
    ...(typeof license_link === 'string' && { link: license_link }),
  };
}

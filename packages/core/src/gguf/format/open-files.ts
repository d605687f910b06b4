import { basename, dirname, join } from 'node:path';
import { UserError } from '../../errors.ts';
import { type ByteSource, fillFrom, openByteSource } from '../../files/byte-source.ts';
import { type Metadata, metadataOf } from './metadata.ts';
import { malformed, readHeader, type TensorInfo } from './read-header.ts';

/** A model's GGUF, in one file or in shards; only the headers are read. */
export interface GgufFiles {
  /** The shards in their order. */
  readonly files: readonly string[];
  /** Of the first shard, which holds it all. */
  readonly metadata: Metadata;
  readonly tensors: ReadonlyMap<string, GgufTensorInfo>;
  /** Fills `bytes` with a tensor's bytes as they are stored, from byte `from` of the tensor on. */
  readInto(tensor: GgufTensorInfo, bytes: Uint8Array, from?: number): Promise<void>;
  close(): Promise<void>;
}

export interface GgufTensorInfo extends TensorInfo {
  readonly source: ByteSource;
}

/** As llama.cpp names shards. */
const SHARD = /-(\d{5})-of-(\d{5})\.gguf$/i;

/** All files of a model of which one is named: shards lie side by side. */
export function shardsOf(file: string): readonly string[] {
  const [, , count] = SHARD.exec(file) ?? [];
  if (count === undefined || Number(count) === 0) return [file];
  const digits = (number: number) => String(number).padStart(5, '0');
  const names = Array.from({ length: Number(count) }, (_, i) => `-${digits(i + 1)}-of-${count}.gguf`);
  return names.map((name) => join(dirname(file), basename(file).replace(SHARD, name)));
}

/** @throws {UserError} `model-invalid` for files that are not whole, a missing shard, shards that do not belong together */
export async function openGgufFiles(files: readonly string[]): Promise<GgufFiles> {
  const sources: ByteSource[] = [];
  try {
    for (const file of files) sources.push(await openByteSource(file));
    return await readGgufFiles(sources);
  } catch (error) {
    for (const source of sources) await source.close();
    throw error;
  }
}

/** The same of files that are open. Closing it closes them. */
export async function readGgufFiles(sources: readonly ByteSource[]): Promise<GgufFiles> {
  const tensors = new Map<string, GgufTensorInfo>();
  let first: Metadata | undefined;
  for (const [number, source] of sources.entries()) {
    const { file } = source;
    const header = await readHeader(source);
    const metadata = metadataOf(header.metadata, file);
    assertShard(metadata, number, sources.length);
    first ??= metadata;
    for (const [name, info] of header.tensors) {
      if (tensors.has(name)) throw malformed(file, `tensor ${JSON.stringify(name)} is in another shard too`);
      tensors.set(name, { ...info, source });
    }
  }
  const metadata = first as Metadata;
  const promised = metadata.numberOr('split.tensors.count', tensors.size);
  if (promised !== tensors.size) {
    throw malformed(metadata.file, `its shards have ${tensors.size} tensors, and are to have ${promised}`);
  }
  const close = async () => {
    for (const source of sources) await source.close();
  };
  return { files: sources.map(({ file }) => file), metadata, tensors, readInto, close };
}

async function readInto({ source, begin, byteLength }: GgufTensorInfo, bytes: Uint8Array, from = 0): Promise<void> {
  if (from + bytes.length > byteLength) throw new Error(`${source.file}: a tensor is not that long`);
  const cut = (at: number) => malformed(source.file, `it ends at byte ${at}`);
  await fillFrom(source, { position: begin + from, bytes, cut });
}

function assertShard(metadata: Metadata, number: number, count: number): void {
  const [own, of] = [metadata.numberOr('split.no', 0), metadata.numberOr('split.count', 1)];
  if (own === number && Math.max(1, of) === count) return;
  throw new UserError({
    code: 'model-invalid',
    problem: `This file is shard ${own + 1} of ${of}, and its name says ${number + 1} of ${count}.`,
    where: metadata.file,
    fix: 'Give all shards the names that llama.cpp gave them: NAME-00001-of-00003.gguf and so on.',
  });
}

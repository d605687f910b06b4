import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { doubledKey } from '../../recipe/json-keys.ts';

/**
 * What a safetensors file says of its tensors. The rules are those of the reference reader (safetensors/src/tensor.rs):
 * the tensors' bytes follow each other without gap and overlap from the first byte after the header to the last of the
 * file, and each has as many as its shape and type say.
 */

export interface StoredTensorInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** From where to where its bytes lie, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** In bytes, the reference reader's own bound. */
export const LONGEST_HEADER = 100_000_000;

const headerSchema = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(z.int().min(0)), data_offsets: z.tuple([z.int().min(0), z.int()]) }),
);

/** Bits a value, of the types that the format knows; of another one the length can't be checked. */
const BITS: Readonly<Record<string, number>> = {
  ...{ BOOL: 8, U8: 8, I8: 8, U16: 16, I16: 16, U32: 32, I32: 32, U64: 64, I64: 64 },
  ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6, F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8 },
  ...{ F16: 16, BF16: 16, F32: 32, F64: 64, C64: 64 },
};

export const malformed = (file: string, problem: string): UserError =>
  new UserError({
    code: 'model-invalid',
    problem: `This is not a whole safetensors file: ${problem}.`,
    where: file,
    fix: 'Copy or download the file again.',
  });

/**
 * @param header the bytes of the JSON
 * @param dataLength how many bytes follow it
 * @throws {UserError} `model-invalid`, with the tensor
 */
export function parseHeader(file: string, header: Uint8Array, dataLength: number): Map<string, StoredTensorInfo> {
  const { __metadata__: _, ...entries } = parseObject(file, header);
  const parsed = headerSchema.safeParse(entries);
  if (!parsed.success) {
    const name = parsed.error.issues[0]?.path[0];
    const at = name === undefined ? '' : ` (${JSON.stringify(name)})`;
    throw malformed(file, `its header does not describe tensors${at}`);
  }
  const tensors = new Map(
    Object.entries(parsed.data).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => {
        const info: StoredTensorInfo = { dtype, shape, begin, end };
        assertLength(file, name, info, dataLength);
        return [name, info];
      },
    ),
  );
  assertContiguous(file, tensors, dataLength);
  return tensors;
}

function parseObject(file: string, header: Uint8Array): Record<string, unknown> {
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    json = JSON.parse(text);
  } catch {
    throw malformed(file, 'its header is not JSON');
  }
  if (typeof json !== 'object' || json === null) throw malformed(file, 'its header is not a JSON object');
  const doubled = doubledKey(text);
  if (doubled !== undefined) throw malformed(file, `its header names ${JSON.stringify(doubled)} twice`);
  return json as Record<string, unknown>;
}

function assertLength(file: string, name: string, { dtype, shape, begin, end }: StoredTensorInfo, dataLength: number) {
  if (begin > end || end > dataLength) throw malformed(file, `tensor "${name}" lies beyond the end of the file`);
  const bits = Object.hasOwn(BITS, dtype) ? BITS[dtype] : undefined;
  if (bits === undefined) return;
  const size = shape.reduce((product, dimension) => product * dimension, bits);
  if (size !== 8 * (end - begin)) {
    const said = `${dtype} of the shape [${shape}] in ${end - begin} bytes`;
    throw malformed(file, `tensor "${name}" has the wrong length: ${said}`);
  }
}

function assertContiguous(file: string, tensors: ReadonlyMap<string, StoredTensorInfo>, dataLength: number): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const [name, info] of inOrder) {
    if (info.begin < end) throw malformed(file, `tensor "${name}" overlaps the one before it`);
    if (info.begin > end) throw malformed(file, `there is a hole before tensor "${name}"`);
    end = info.end;
  }
  if (end !== dataLength) throw malformed(file, `${dataLength - end} bytes follow the last tensor`);
}

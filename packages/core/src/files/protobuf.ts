import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The fields of a protocol buffers message, written one by one: an ONNX file is longer than a writer should hold at once. */
export type Field = (writer: BinaryWriter) => BinaryWriter;

export const integer =
  (field: number, value: number): Field =>
  (writer) =>
    writer.tag(field, WireType.Varint).int64(value);

export const float =
  (field: number, value: number): Field =>
  (writer) =>
    writer.tag(field, WireType.Bit32).float(value);

export const double =
  (field: number, value: number): Field =>
  (writer) =>
    writer.tag(field, WireType.Bit64).double(value);

export const text =
  (field: number, value: string): Field =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).string(value);

export const bytes =
  (field: number, value: Uint8Array): Field =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).bytes(value);

/** What stands in front of a field of so many bytes. */
export const lengthHeader =
  (field: number, length: number): Field =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).uint32(length);

/** A field whose value is a message. */
export const message =
  (field: number, fields: readonly Field[]): Field =>
  (writer) =>
    written(fields, writer.tag(field, WireType.LengthDelimited).fork()).join();

export const bytesOf = (...fields: readonly Field[]): Uint8Array => written(fields, new BinaryWriter()).finish();

const written = (fields: readonly Field[], writer: BinaryWriter): BinaryWriter =>
  fields.reduce((begun, field) => field(begun), writer);

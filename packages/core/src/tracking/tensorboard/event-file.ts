import { bytes, bytesOf, double, type Field, float, integer, message, text } from '../../files/protobuf.ts';
import type { Setting } from '../settings.ts';
import { maskedCrc32c } from './crc32c.ts';

/**
 * TensorBoard's event files: TFRecords (length, its sum, data, its sum; numbers little-endian) of `Event` messages, as
 * tensorflow/core/util/event.proto, framework/summary.proto and tensorboard/plugins/hparams/plugin_data.proto have them.
 */
export function recordOf(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

/** An event as its record. @param seconds since 1970 */
const eventOf = (seconds: number, step: number, what: Field): Uint8Array =>
  // A 0 is what a field that is not there says.
  recordOf(bytesOf(double(1, seconds), ...(step === 0 ? [] : [integer(2, step)]), what));

/** The first record of every file. */
export const versionEvent = (seconds: number): Uint8Array => eventOf(seconds, 0, text(3, 'brain.Event:2'));

const SESSION_START = 1;

/** What other files hold of this step and later ones is void: a run was resumed. */
export const purgeEvent = (seconds: number, step: number): Uint8Array =>
  eventOf(seconds, step, message(7, [integer(1, SESSION_START)]));

export const scalarsEvent = (seconds: number, step: number, values: Readonly<Record<string, number>>): Uint8Array =>
  summaryEvent(
    seconds,
    step,
    Object.entries(values).map(([tag, value]) => [text(1, tag), float(2, value)]),
  );

const DT_FLOAT = 1;
const DT_STRING = 7;

/** Markdown, for the page of texts. */
export const textEvent = (seconds: number, tag: string, markdown: string): Uint8Array => {
  const tensor = [integer(1, DT_STRING), message(2, []), bytes(8, Buffer.from(markdown))];
  return summaryEvent(seconds, 0, [[text(1, tag), message(8, tensor), pluginData('text')]]);
};

/** What the page of hyperparameters shows beside the run. */
export const settingsEvent = (seconds: number, settings: Readonly<Record<string, Setting>>): Uint8Array => {
  const entries = Object.entries(settings).map(([name, value]) =>
    message(1, [text(1, name), message(2, [settingValue(value)])]),
  );
  return hparamsEvent(seconds, '_hparams_/session_start_info', message(3, [...entries, double(5, seconds)]));
};

const STATUS = { finished: 1, failed: 2, stopped: 3 } as const;

export const endEvent = (seconds: number, status: keyof typeof STATUS): Uint8Array =>
  hparamsEvent(seconds, '_hparams_/session_end_info', message(4, [integer(1, STATUS[status]), double(2, seconds)]));

/** A google.protobuf.Value. */
function settingValue(setting: Setting): Field {
  if (typeof setting === 'number') return double(2, setting);
  return typeof setting === 'string' ? text(3, setting) : integer(4, Number(setting));
}

function hparamsEvent(seconds: number, tag: string, data: Field): Uint8Array {
  const nothing = message(8, [integer(1, DT_FLOAT), message(2, [])]);
  return summaryEvent(seconds, 0, [[text(1, tag), nothing, pluginData('hparams', bytes(2, bytesOf(data)))]]);
}

const pluginData = (plugin: string, ...content: readonly Field[]): Field =>
  message(9, [message(1, [text(1, plugin), ...content])]);

const summaryEvent = (seconds: number, step: number, values: readonly (readonly Field[])[]): Uint8Array =>
  eventOf(
    seconds,
    step,
    message(
      5,
      values.map((value) => message(1, value)),
    ),
  );

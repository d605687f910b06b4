import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportGguf } from './counterweight.ts';
import { randomModel } from './random-model.ts';
import type { Shape } from './shapes.ts';

/** The same random weights as a GGUF file in f32, for llama.cpp, made on first use. */
export async function randomGguf(shape: Shape): Promise<string> {
  const { model } = randomModel(shape);
  const file = join(model, 'f32.gguf');
  if (existsSync(file)) return file;
  console.error(`Making ${file}`);
  writeFileSync(join(model, 'tokenizer.json'), JSON.stringify(tokenizerOf(shape.vocab_size)));
  writeFileSync(join(model, 'tokenizer_config.json'), JSON.stringify({ eos_token: END, add_bos_token: false }));
  const half = `${file}.part`;
  await exportGguf(model, half);
  renameSync(half, file);
  return file;
}

const END = '<|end|>';

/** A file needs a tokenizer, and nothing here reads or writes a text: bytes, and pairs of them until there are enough. */
function tokenizerOf(vocabularySize: number): object {
  const bytes = byteCharacters();
  const pairs = bytes.flatMap((first) => bytes.map((second) => [first, second] as const));
  const merges = pairs.slice(0, vocabularySize - bytes.length - 1);
  const pieces = [...bytes, ...merges.map(([first, second]) => first + second), END];
  const whole = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: '1.0',
    added_tokens: [{ id: pieces.length - 1, content: END, ...whole }],
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])), merges },
  };
}

/** The characters that byte-level tokenizers write the 256 bytes with, as GPT-2 began it. */
function byteCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isShown = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCodePoint(isShown ? byte : next++);
  });
}

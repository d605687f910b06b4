import { expect, it } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { tinyConfig, tinyDecoder } from '../test-support/tiny-model.ts';
import { tinyTokenizer } from '../testing/tiny-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { answerConstraint } from './constraint.ts';
import { generateTexts } from './generate-texts.ts';

/** Within the tiny model's vocabulary: letters from "c" on are ids from 3 on. */
const tokenizer: Tokenizer = {
  ...tinyTokenizer(),
  vocabularySize: tinyConfig.vocabularySize,
  encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0) - 96),
  decode: (ids) => ids.map((id) => String.fromCharCode(id + 96)).join(''),
  endWords: 'end',
};

it('gives an answer without the words that end it, in whole and as it is written', async () => {
  await openEngine('wasm');
  const decoder = tinyDecoder({ train: 'nothing' });
  const constraint = answerConstraint({ texts: ['feel'] }, tokenizer)('continuation');
  const pieces: string[] = [];
  const request = { promptIds: [1, 5], maxNewTokens: 12, constraint };
  const texts = await generateTexts(decoder, [request], { tokenizer, onText: (_, text) => pieces.push(text) });
  decoder.parameters.dispose();
  expect(texts).toEqual([{ text: 'feel', cut: false, newTokens: 7 }]);
  // An "e" waits for the letter after it: it may begin the end.
  expect(pieces).toEqual(['f', 'e', 'el']);
});

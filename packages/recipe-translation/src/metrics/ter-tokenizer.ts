import { asciiPunctuation, numberPunctuation } from './bleu-tokenizers.ts';
import { splitWords } from './python-text.ts';

export interface TerTokenizerOptions {
  /** Takes punctuation apart from words, as Tercom’s `-N`. Default false. */
  readonly normalized?: boolean;
  /** Leaves punctuation out. Default false. */
  readonly noPunctuation?: boolean;
  /** With `normalized`: every Han character is a word; with `noPunctuation`: Asian punctuation is left out as well. */
  readonly asianSupport?: boolean;
  /** Default false: TER compares in lower case. */
  readonly caseSensitive?: boolean;
}

/** Tercom's tokenizer, as sacreBLEU has it. */
export function terTokens(segment: string, options: TerTokenizerOptions): string[] {
  const { normalized = false, noPunctuation = false, asianSupport = false, caseSensitive = false } = options;
  let text = caseSensitive ? segment : segment.toLowerCase();
  if (normalized) {
    text = westernNormalized(text);
    if (asianSupport) text = asianNormalized(text);
  }
  if (noPunctuation) {
    text = text.replace(/[.,?:;!"()]/g, '');
    if (asianSupport) text = text.replace(asianPunctuation, '').replace(fullWidthPunctuation, '');
  }
  return splitWords(text);
}

function westernNormalized(text: string): string {
  const line = text
    .replaceAll('\n-', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  const possessives = ` ${line} `.replace(asciiPunctuation, ' $1 ').replaceAll("'s ", " 's ").replace(/'s$/, " 's");
  return numberPunctuation(possessives);
}

const asianPunctuation = /([\u3001\u3002\u3008-\u3011\u3014-\u301f\uff61-\uff65\u30fb])/g;
const fullWidthPunctuation = /([\uff0e\uff0c\uff1f\uff1a\uff1b\uff01\uff02\uff08\uff09])/g;

/** Stretches that become words of their own, in the reference's order; its ranges overlap, and some `^` stand oddly. */
const asianWords: readonly RegExp[] = [
  /([\u4e00-\u9fff\u3400-\u4dbf])/g,
  /([\u31c0-\u31ef\u2e80-\u2eff])/g,
  /([\u3300-\u33ff\uf900-\ufaff\ufe30-\ufe4f])/g,
  /([\u3200-\u3f22])/g,
];
const kanaAtTheStart: readonly RegExp[] = [
  /(^|^[\u3040-\u309f])([\u3040-\u309f]+)(?=$|^[\u3040-\u309f])/g,
  /(^|^[\u30a0-\u30ff])([\u30a0-\u30ff]+)(?=$|^[\u30a0-\u30ff])/g,
  /(^|^[\u31f0-\u31ff])([\u31f0-\u31ff]+)(?=$|^[\u31f0-\u31ff])/g,
];

function asianNormalized(text: string): string {
  let result = text;
  for (const words of asianWords) result = result.replace(words, ' $1 ');
  for (const kana of kanaAtTheStart) result = result.replace(kana, '$1 $2 ');
  return result.replace(asianPunctuation, ' $1 ').replace(fullWidthPunctuation, ' $1 ');
}

import { lengthOfText, SPACE, sliceText, strip } from './code-points.ts';
import { JinjaError, typeError, valueError } from './errors.ts';
import { escapeHtml, escapeText } from './markup.ts';
import { reprText } from './repr.ts';
import { isKind, isUndefined, typeName, type Value } from './values.ts';

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** Text without tags and comments, white space as one space, the commonest entities read. */
export function stripTags(text: string): string {
  const bare = text.replace(/<!--[\s\S]*?-->/g, '').replace(/<[\s\S]*?>/g, '');
  const single = strip(bare).replace(new RegExp(`[${SPACE}]+`, 'g'), ' ');
  return single.replace(/&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g, (entity, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? entity;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

/** Percent-encoded as UTF-8. @param inQuery `/` too, and spaces as `+` */
export function urlQuote(text: string, inQuery = false): string {
  const quoted = encodeURIComponent(text).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return inQuery ? quoted.replaceAll('%20', '+') : quoted.replaceAll('%2F', '/');
}

export function xmlAttributes(value: Value, withSpace: boolean): string {
  if (isUndefined(value)) throw value.error();
  if (!isKind(value, 'dict')) throw typeError(`'${typeName(value)}' object has no attribute 'items'`);
  const attributes: string[] = [];
  for (const [key, given] of value.entries.values()) {
    if (given === null || isUndefined(given)) continue;
    if (typeof key !== 'string') throw typeError(`expected string or bytes-like object, got '${typeName(key)}'`);
    if (/[\s/>=]/.test(key)) throw valueError(`Invalid character in attribute name: ${reprText(key)}`);
    attributes.push(`${escapeText(key)}="${escapeHtml(given).text}"`);
  }
  return (withSpace && attributes.length > 0 ? ' ' : '') + attributes.join(' ');
}

const HTTP =
  /^((https?:\/\/|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})|([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|(https?:\/\/)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\])))(?::[\d]{1,5})?(?:[/?#]\S*)?$/i;
const EMAIL = /^\S+@\w[\w.-]*\.\w+$/;

interface Urlize {
  readonly limit: number | undefined;
  readonly rel: readonly string[];
  readonly target: string | undefined;
  readonly schemes: readonly string[];
}

/** Addresses in a text as links. */
export function urlize(text: string, { limit, rel, target, schemes }: Urlize): string {
  for (const scheme of schemes) {
    if (!/^[\w.+-]{2,}:\/{0,2}$/.test(scheme))
      throw new JinjaError('ValueError', `${reprText(scheme)} is not a valid URI scheme prefix.`);
  }
  const relations = [...new Set([...rel.filter((one) => one !== ''), 'noopener'])].sort().join(' ');
  const more = ` rel="${escapeText(relations)}"${target === undefined ? '' : ` target="${escapeText(target)}"`}`;
  const shown = (url: string) =>
    limit !== undefined && lengthOfText(url) > limit ? `${sliceText(url, 0, limit)}...` : url;
  const linked = (middle: string): string => {
    if (HTTP.test(middle))
      return `<a href="${/^https?:\/\//.test(middle) ? '' : 'https://'}${middle}"${more}>${shown(middle)}</a>`;
    if (middle.startsWith('mailto:') && EMAIL.test(middle.slice(7)))
      return `<a href="${middle}">${middle.slice(7)}</a>`;
    const isAddress =
      middle.includes('@') && !middle.startsWith('www.') && !middle.startsWith('@') && !middle.includes(':');
    if (isAddress && EMAIL.test(middle)) return `<a href="mailto:${middle}">${middle}</a>`;
    const scheme = schemes.find((one) => middle !== one && middle.startsWith(one));
    return scheme === undefined ? middle : `<a href="${middle}"${more}>${middle}</a>`;
  };
  return escapeText(text)
    .split(/(\s+)/)
    .map((word) => {
      const { head, middle, tail } = taken(word);
      return head + linked(middle) + tail;
    })
    .join('');
}

/** A word without the brackets and stops around it. */
function taken(word: string): { head: string; middle: string; tail: string } {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? '';
  let middle = word.slice(head.length);
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? '';
  middle = middle.slice(0, middle.length - tail.length);
  const count = (text: string, part: string) => text.split(part).length - 1;
  for (const [open, close] of [
    ['(', ')'],
    ['<', '>'],
    ['&lt;', '&gt;'],
  ] as const) {
    const opened = count(middle, open);
    if (opened <= count(middle, close)) continue;
    for (let i = Math.min(opened, count(tail, close)); i > 0; i--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return { head, middle, tail };
}

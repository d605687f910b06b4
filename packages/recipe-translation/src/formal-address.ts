import { baseLanguage } from './languages.ts';

interface Address {
  /** What the instruction asks for. */
  readonly formal: string;
  /** Pronouns of the familiar form that are nothing else, in lower case. */
  readonly familiar: readonly string[];
}

/** Languages that address a person in two ways. */
const addresses: Readonly<Record<string, Address>> = {
  de: {
    formal: 'Sie',
    familiar: words('du dich dir dein deine deinen deinem deiner deines euch euer eure euren eurem'),
  },
  es: { formal: 'usted', familiar: words('tú ti contigo tu tus te tuyo tuya vosotros vosotras os vuestro vuestra') },
  fr: { formal: 'vous', familiar: words("tu toi te t' tes ta") },
  it: { formal: 'Lei', familiar: words('tu ti te tuo tua tuoi tue') },
  nl: { formal: 'u', familiar: words('jij je jou jouw jullie') },
  pl: { formal: 'Pan/Pani', familiar: words('ty ciebie cię tobie tobą twój twoja twoje twojego twojej') },
  ru: { formal: 'Вы', familiar: words('ты тебя тебе тобой твой твоя твоё твои твоего твоей') },
};

function words(list: string): string[] {
  return list.split(' ');
}

/** The formal pronoun of a language, where it has one that is known here: `Sie`. */
export function formalPronoun(language: string): string | undefined {
  return addresses[baseLanguage(language)]?.formal;
}

/**
 * Whether a text addresses nobody in the familiar form, going by pronouns alone: forms of verbs are not looked at, so a
 * language that drops its pronouns can be familiar unnoticed. True of an unknown language; false of an empty text.
 */
export function isFormal(text: string, language: string): boolean {
  const familiar = new Set(addresses[baseLanguage(language)]?.familiar);
  const used =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/\p{L}+(?:'(?=\p{L}))?/gu) ?? [];
  return text.trim() !== '' && !used.some((word) => familiar.has(word));
}

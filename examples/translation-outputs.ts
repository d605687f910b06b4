/**
 * Scores outputs that exist already, of two systems, and says whether the difference is more than chance: no model is
 * needed.
 *
 *     node examples/translation-outputs.ts
 */
import {
  bleu,
  chrfPlusPlus,
  copiedSourceRate,
  pairedBootstrap,
  signature,
  targetLanguageRate,
  ter,
} from '@counterweight/recipe-translation';

/** German sentences with two translations each as references, and what two systems made of them. */
const segments = [
  {
    source: 'Wo ist meine Rechnung?',
    references: ['Where is my invoice?', 'Where can I find my invoice?'],
    before: 'Where is my calculation?',
    after: 'Where is my invoice?',
  },
  {
    source: 'Ich habe das Paket noch nicht erhalten.',
    references: ['I have not received the parcel yet.', "I haven't received the package yet."],
    before: 'I have the package still not received.',
    after: 'I have not received the package yet.',
  },
  {
    source: 'Der Betrag wurde zweimal abgebucht.',
    references: ['The amount was charged twice.', 'The amount has been debited twice.'],
    before: 'The amount became two times off booked.',
    after: 'The amount was debited twice.',
  },
  {
    source: 'Bitte schicken Sie mir einen neuen Termin.',
    references: ['Please send me a new appointment.', 'Please suggest a new date to me.'],
    before: 'Please send me a new appointment.',
    after: 'Please send me a new appointment.',
  },
  {
    source: 'Die Lieferung ist beschädigt angekommen.',
    references: ['The delivery arrived damaged.', 'The shipment was damaged on arrival.'],
    before: 'Die Lieferung ist beschädigt angekommen.',
    after: 'The delivery arrived damaged.',
  },
  {
    source: 'Ich möchte meine Bestellung stornieren.',
    references: ['I would like to cancel my order.', 'I want to cancel my order.'],
    before: 'I would like my order to cancel.',
    after: 'I would like to cancel my order.',
  },
  {
    source: 'Wann wird das Geld erstattet?',
    references: ['When will the money be refunded?', 'When will I get my refund?'],
    before: 'When does the money refunded?',
    after: 'When will the money be refunded?',
  },
  {
    source: 'Das Gerät lässt sich nicht einschalten.',
    references: ['The device does not turn on.', 'The device cannot be switched on.'],
    before: 'The device lets itself not switch on.',
    after: 'The device does not switch on.',
  },
];

const references = segments.map((segment) => segment.references);
const outputs = {
  before: segments.map((segment) => segment.before),
  after: segments.map((segment) => segment.after),
};

for (const metric of [bleu(), chrfPlusPlus(), ter()]) {
  const { baseline, system, pValue } = pairedBootstrap(metric, {
    baseline: outputs.before,
    system: outputs.after,
    references,
  });
  const [before, after] = [baseline, system].map(
    ({ score, mean, interval }) => `${score.toFixed(1)} (${mean.toFixed(1)} ± ${interval.toFixed(1)})`,
  );
  console.log(`${metric.name}: ${before} → ${after}, p = ${pValue.toFixed(3)}`);
  console.log(`  ${signature(metric, references, { samples: 1000, seed: 12345 })}`);
}
for (const [name, hypotheses] of Object.entries(outputs)) {
  const inEnglish = await targetLanguageRate(hypotheses.map((hypothesis) => ({ hypothesis, language: 'en' })));
  const copied = copiedSourceRate(hypotheses.map((hypothesis, at) => ({ hypothesis, ...segments[at]! })));
  console.log(`${name}: in English ${inEnglish.toFixed(2)}, copies of the source ${copied.toFixed(2)}`);
}

import { RowError } from '../recipe.ts';
import { type Fields, says } from './says.ts';
import { type Shape, shapes } from './shapes.ts';

/** The first pair: what every other one can be renamed to, so it wins against any. */
const OWN = 'prompt and completion';

/** Fields beside a text that say that there is more to it than to be read: a label, a summary, an answer. */
const answersBesideText = [
  ...shapes.flatMap(({ answers }) => answers ?? []),
  ...['label', 'labels', 'label_text', 'category', 'class', 'intent', 'sentiment', 'summary', 'target', 'translation'],
];

/**
 * How a row is to be read: as a conversation where it has one, as a question and its answer, or as a text. A row that has
 * only the question is one to generate for.
 * @throws {RowError} where it is nothing of these, or two things at once
 */
export function chooseShape(row: Fields): Shape {
  const found = shapes.filter(({ asks }) => has(row, asks));
  const conversations = found.filter(({ kind }) => kind === 'conversation');
  const [conversation, other] = conversations;
  if (conversation && other) {
    throw new RowError(other.asks, `a row has either "${conversation.asks}" or "${other.asks}", not both`);
  }
  if (conversation) return conversation;
  const pairs = found.filter(({ kind }) => kind === 'pair');
  const answered = pairs.filter(({ answers = '' }) => has(row, answers));
  if (answered.length > 0) return theOne(answered, row);
  if (says(row.chosen) && says(row.rejected)) throw preferences(row);
  const asked = pairs.filter(({ asks }, i) => pairs.findIndex((shape) => shape.asks === asks) === i);
  if (asked.length > 0) return theOne(asked, row);
  const [text] = found;
  if (!text) throw unknown(row);
  const beside = answersBesideText.find((name) => says(row[name]));
  if (beside === undefined) return text;
  const problem = `"text" stands beside "${beside}": is the one what is asked and the other what is to be answered (--map prompt=text,completion=${beside})? A text is learnt as it is where it stands alone`;
  throw new RowError('text', problem);
}

const has = (row: Fields, name: string): boolean => row[name] !== undefined && row[name] !== null;

/** The shape that reads more of the row than any other. */
function theOne(candidates: readonly Shape[], row: Fields): Shape {
  const fieldsOf = ({ asks, answers = '', inputs = [] }: Shape) =>
    [asks, answers, ...inputs].filter((name) => has(row, name));
  const readsLess = (one: Shape, other: Shape) => {
    const [fewer, more] = [fieldsOf(one), fieldsOf(other)];
    return fewer.length < more.length && fewer.every((name) => more.includes(name));
  };
  const largest = candidates.filter((shape) => !candidates.some((other) => readsLess(shape, other)));
  const [one, two] = largest;
  const own = largest.find(({ name }) => name === OWN) ?? one;
  if (!own || !one) throw unknown(row);
  if (!two || own.name === OWN) return own;
  const ways = largest.map(({ asks, answers }) => `"${asks}" with "${answers}"`);
  const problem = `the row can be read in ${largest.length} ways (${ways.join(', ')}): say which is meant, for example --map prompt=${one.asks},completion=${one.answers}`;
  throw new RowError(one.asks, problem);
}

function preferences(row: Fields): RowError {
  const rename = Array.isArray(row.chosen) && !says(row.prompt) ? 'messages=chosen' : 'completion=chosen';
  const problem = `it is a row of preferences ("chosen", "rejected"), and answers are learnt here, not which of two is better; to learn the better ones: --map ${rename}`;
  return new RowError('chosen', problem);
}

function unknown(row: Fields): RowError {
  const kinds = shapes.map(({ example }) => example).join(', ');
  const empty = shapes.find(({ asks }) => row[asks] === null);
  if (empty) return new RowError(empty.asks, `"${empty.asks}" is null`);
  const fields = [...new Set(shapes.flatMap(({ asks, answers = '' }) => [asks, answers]))].filter(
    (name) => name !== '',
  );
  return new RowError('prompt', `the row is none of the kinds that are known: ${kinds}`, fields);
}

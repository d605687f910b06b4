import ts from 'typescript';
import type { Sources } from './sources.ts';

/**
 * What an expression of the sources may say, without running it: texts, with … for what is known at run time only. Names
 * are followed to their constants, and parameters to what callers hand over.
 */

export const HOLE = '…';
/** Names that lead further than this lead in circles. */
const DEEPEST = 12;

/** One way things may be: which side a condition (by its words) takes, which call of a function it is. */
type Choices = ReadonlyMap<string | ts.Node, unknown>;

/** A text, and what has to be the case for it. */
export interface Reading {
  readonly text: string;
  readonly choices: Choices;
}

interface Place {
  readonly sources: Sources;
  readonly choices: Choices;
  readonly depth: number;
}

/** All that the expression may say where choices are made already: a code, a problem and a fix are read one after the other. */
export const readTexts = (expression: ts.Expression, sources: Sources, choices: Choices = new Map()): Reading[] =>
  read(expression, { sources, choices, depth: 0 });

const saying = (text: string, { choices }: Place): Reading[] => [{ text, choices }];

function read(expression: ts.Expression, from: Place): Reading[] {
  const place = { ...from, depth: from.depth + 1 };
  if (place.depth > DEEPEST) return saying(HOLE, place);
  if (ts.isStringLiteralLike(expression)) return saying(expression.text, place);
  if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression))
    return read(expression.expression, place);
  if (ts.isTemplateExpression(expression)) return readTemplate(expression, place);
  if (ts.isConditionalExpression(expression)) return readCondition(expression, place);
  if (ts.isBinaryExpression(expression)) return readBinary(expression, place);
  return ts.isIdentifier(expression) ? readName(expression, place) : saying(HOLE, place);
}

const readTemplate = ({ head, templateSpans }: ts.TemplateExpression, place: Place): Reading[] =>
  templateSpans.reduce<Reading[]>(
    (before, { expression, literal }) =>
      before.flatMap(({ text, choices }) =>
        read(expression, { ...place, choices }).map((one) => ({ ...one, text: text + one.text + literal.text })),
      ),
    saying(head.text, place),
  );

/** Two conditions in the same words have the same outcome. */
function readCondition({ condition, whenTrue, whenFalse }: ts.ConditionalExpression, place: Place): Reading[] {
  const words = condition.getText();
  const known = place.choices.get(words);
  const side = (outcome: boolean, expression: ts.Expression) =>
    known === !outcome ? [] : read(expression, { ...place, choices: new Map(place.choices).set(words, outcome) });
  return [...side(true, whenTrue), ...side(false, whenFalse)];
}

function readBinary({ left, right, operatorToken }: ts.BinaryExpression, place: Place): Reading[] {
  if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [...read(left, place), ...read(right, place)];
  if (operatorToken.kind !== ts.SyntaxKind.PlusToken) return saying(HOLE, place);
  return read(left, place).flatMap(({ text, choices }) =>
    read(right, { ...place, choices }).map((one) => ({ ...one, text: text + one.text })),
  );
}

function readName(name: ts.Identifier, place: Place): Reading[] {
  const declaration = place.sources.declarationOf(name);
  if (!declaration) return saying(HOLE, place);
  if (ts.isParameter(declaration) && ts.isIdentifier(declaration.name)) return readParameter(declaration, place);
  const isConstant = ts.isVariableDeclaration(declaration) && ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const;
  if (!isConstant || !ts.isIdentifier(declaration.name) || !declaration.initializer) return saying(HOLE, place);
  return read(declaration.initializer, place);
}

/** What each caller hands over; the other parameters are then what the same caller does. */
function readParameter(parameter: ts.ParameterDeclaration, place: Place): Reading[] {
  const { parent, initializer } = parameter;
  const at = parent.parameters.indexOf(parameter);
  const known = place.choices.get(parent) as ts.CallExpression | undefined;
  const readings = (known ? [known] : place.sources.callsOf(parent)).flatMap((call) => {
    const given = call.arguments[at] ?? initializer;
    const there = { ...place, choices: new Map(place.choices).set(parent, call) };
    return given && !ts.isSpreadElement(given) ? read(given, there) : saying(HOLE, there);
  });
  return readings.length > 0 ? readings : saying(HOLE, place);
}

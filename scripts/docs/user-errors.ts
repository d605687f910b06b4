import ts from 'typescript';
import { HOLE, readTexts } from './read-texts.ts';
import { openSources, type Sources } from './sources.ts';

/** What the packages say where a `UserError` is made, as far as it stands in their sources. */
export interface Said {
  readonly code: string;
  readonly problem: string;
  readonly fix: string;
}

/** Every `new UserError({ code, problem, fix })` of the packages, with all that it may say. */
export function userErrors(): Said[] {
  const sources = openSources();
  return sources.files.flatMap((file) => detailsIn(file).flatMap((details) => saidBy(details, sources)));
}

function detailsIn(file: ts.SourceFile): ts.ObjectLiteralExpression[] {
  const found: ts.ObjectLiteralExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'UserError') {
      const [details] = node.arguments ?? [];
      if (details && ts.isObjectLiteralExpression(details)) found.push(details);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function saidBy(details: ts.ObjectLiteralExpression, sources: Sources): Said[] {
  const [code, problem, fix] = ['code', 'problem', 'fix'].map((name) => property(details, name));
  if (!code || !problem || !fix) throw new Error(`${details.getSourceFile().fileName}: ${details.getText()}`);
  return readTexts(code, sources).flatMap((one) =>
    readTexts(problem, sources, one.choices).flatMap((two) =>
      readTexts(fix, sources, two.choices).map(({ text }) => ({
        code: one.text,
        problem: tidy(two.text),
        fix: tidy(text),
      })),
    ),
  );
}

function property(details: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const one of details.properties) {
    if (ts.isPropertyAssignment(one) && one.name.getText() === name) return one.initializer;
    if (ts.isShorthandPropertyAssignment(one) && one.name.text === name) return one.name;
  }
  return undefined;
}

/** Holes beside each other are one; before a sentence one is mostly a guess at what was meant, or nothing. */
const tidy = (text: string): string =>
  text
    .replaceAll(new RegExp(`${HOLE}(\\s*${HOLE})+`, 'g'), HOLE)
    .replace(new RegExp(`^${HOLE}\\s*(?=[A-Z])`), '')
    .trim();

import { UserError } from '../errors.ts';
import type { AnswerSet, Recipe } from '../recipe/recipe.ts';
import { settingsOf } from '../recipe/settings-of.ts';
import { answerPosition } from '../tokenizer/answer-position.ts';
import type { Position, Tokenizer } from '../tokenizer/tokenizer.ts';
import { type AnswerConstraint, answerConstraint, type Constraint } from './constraint.ts';
import { type Candidates, candidatesOf, longestOf, type Ranking, rankingFor } from './rank-answers.ts';

/** One text to generate. */
export interface GenerationRequest {
  readonly promptIds: readonly number[];
  readonly maxNewTokens: number;
  /** What the text may be; undefined where it may be anything. */
  readonly constraint?: Constraint | undefined;
  /** The text is not written: it is what of a set is likeliest. */
  readonly ranking?: Ranking | undefined;
}

/**
 * What to generate for a row and its prompt, as the row's recipe wants it: how long, and out of which answers.
 * @param maxNewTokens in place of the recipe's own
 */
export function requestMaker<Row>(
  recipe: Recipe<Row>,
  tokenizer: Tokenizer,
  maxNewTokens?: number | undefined,
): (row: Row, promptIds: readonly number[]) => GenerationRequest {
  const constraints = new Map<AnswerSet, AnswerConstraint>();
  const constraintFor = (answers: AnswerSet): AnswerConstraint => {
    const constraint = constraints.get(answers) ?? answerConstraint(answers, tokenizer);
    constraints.set(answers, constraint);
    return constraint;
  };
  const sets = new Map<AnswerSet, Map<Position, Candidates>>();
  const candidatesFor = (answers: AnswerSet, position: Position): Candidates => {
    const known = sets.get(answers) ?? new Map<Position, Candidates>();
    sets.set(answers, known);
    const candidates = known.get(position) ?? candidatesOf(answers, tokenizer, position);
    known.set(position, candidates);
    return candidates;
  };
  return (row, promptIds) => {
    const { name, answers, defaults } = settingsOf(recipe, row);
    const room = maxNewTokens ?? defaults.maxNewTokens;
    if (!answers) return { promptIds, maxNewTokens: room };
    const position = answerPosition(promptIds, tokenizer);
    const answersAt = constraintFor(answers);
    if (answers.rank) {
      const candidates = candidatesFor(answers, position);
      return { promptIds, maxNewTokens: longestOf(candidates), ranking: rankingFor(answers.rank, candidates, row) };
    }
    const constraint = answersAt(position);
    if (constraint.allowed(room).length === 0) throw tooShort(name, room);
    return { promptIds, maxNewTokens: room, constraint };
  };
}

function tooShort(recipe: string, room: number): UserError {
  return new UserError({
    code: 'option-invalid',
    problem: `None of the answers that "${recipe}" may give is as short as ${room} tokens.`,
    where: 'maxNewTokens',
    fix: 'Let it generate more tokens.',
  });
}

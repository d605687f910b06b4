import { type DialogueTurn, dialogueSchema, RowError } from '@counterweight/core/recipe';
import { z } from 'zod';
import { type Level, levelInWords, levelSchema } from './level.ts';
import type { EducationOptions, OptionsOf } from './options.ts';

const filled = z.string().trim().min(1);
/** Answers may be absent, so that rows can be given to `generate`; CSV files write absent as empty. */
const answer = z.string().trim().optional();
const absentIfEmpty = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? undefined : value);

/** A student's work: what they wrote, or the conversation so far. */
const work = dialogueSchema('work').transform((said) => (typeof said === 'string' ? said : transcript(said)));

/** One line a turn: `Tutor: What is the area?`, `Student: 4 m`. */
const transcript = (turns: readonly DialogueTurn[]): string =>
  turns.map((turn, i) => `${nameOf(turn, i)}: ${turn.text.trim()}`).join('\n');

/** In a chat the student is the user, and the tutor answers. */
function nameOf({ speaker, role }: DialogueTurn, i: number): 'Tutor' | 'Student' {
  const name = speaker.toLowerCase();
  if (name === 'tutor' || name === 'teacher' || role === 'assistant') return 'Tutor';
  if (name === 'student' || role === 'user') return 'Student';
  const problem = `nobody is known as ${JSON.stringify(speaker)} ("work.${i}"): a turn is the student's or the tutor's`;
  throw new RowError(`work.${i}`, problem);
}

function requiredLevel({ level }: EducationOptions) {
  return z.preprocess((value) => absentIfEmpty(value) ?? (level && levelInWords(level)), levelSchema);
}

function optionalLevel({ level }: EducationOptions) {
  return z.preprocess((value) => absentIfEmpty(value) ?? (level && levelInWords(level)), levelSchema.optional());
}

export interface RewriteRow {
  readonly text: string;
  readonly level: Level;
  readonly rewritten?: string | undefined;
  /** Other good rewritings, for SARI. */
  readonly references?: readonly string[] | undefined;
}

export function rewriteRowSchema(options: OptionsOf<'rewrite'>): z.ZodType<RewriteRow> {
  return z.object({
    text: filled,
    level: requiredLevel(options),
    rewritten: answer,
    references: z.array(filled).optional(),
  });
}

export interface ExplainRow {
  readonly question: string;
  readonly level: Level;
  readonly explanation?: string | undefined;
}

export function explainRowSchema(options: OptionsOf<'explain'>): z.ZodType<ExplainRow> {
  return z.object({ question: filled, level: requiredLevel(options), explanation: answer });
}

export interface HintRow {
  readonly problem: string;
  readonly work?: string | undefined;
  /** What the hint must not say. */
  readonly answer: string;
  readonly level?: Level | undefined;
  readonly hint?: string | undefined;
}

export function hintRowSchema(options: OptionsOf<'hint'>): z.ZodType<HintRow> {
  return z.object({
    problem: filled,
    work: z.preprocess(absentIfEmpty, work.optional()),
    answer: z.preprocess((value) => (typeof value === 'number' ? String(value) : value), filled),
    level: optionalLevel(options),
    hint: answer,
  });
}

export interface FeedbackRow {
  readonly work: string;
  readonly topic?: string | undefined;
  readonly problem?: string | undefined;
  /** What the tutor is to do: "ask a question". Labels such as `ask_question` are read as words. */
  readonly strategy?: string | undefined;
  /** What the feedback must not say; required with `hideAnswer`. */
  readonly answer?: string | undefined;
  readonly level?: Level | undefined;
  readonly feedback?: string | undefined;
}

export function feedbackRowSchema(options: OptionsOf<'feedback'>): z.ZodType<FeedbackRow> {
  const some = z.preprocess(absentIfEmpty, filled.optional());
  return z.object({
    work,
    topic: some,
    problem: some,
    strategy: some.transform((label) => label?.replaceAll('_', ' ')),
    answer: options.hideAnswer ? filled : some,
    level: optionalLevel(options),
    feedback: answer,
  });
}

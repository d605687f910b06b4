// Made from options.ts beside it: `pnpm docs:tables` writes it anew.

import type { z } from 'zod';
import type { retailOptionsSchema } from './options.ts';

type Given = z.input<typeof retailOptionsSchema>;

/** What the recipe is told. All of it may be left out. */
export interface RetailOptionsInput {
  /** What the model is asked for. */
  task?: Given['task'];
  /**
   * Every name that may be recommended, with the number of sales where it is known. Coverage and Gini need the names,
   * novelty and the comparison with popularity need the sales. Without a catalogue, the names in the rows that are
   * evaluated serve to recognise outputs.
   */
  catalogue?: Given['catalogue'];
  /**
   * `likelihood`: an answer is the names of the catalogue in the order of the model's own probabilities, as many as the
   * largest of `cutoffs`. `generate`: the model writes the list. Default: by likelihood where there is a catalogue to
   * rank, unless `constrain` asks for written lists or the task can be answered with "nothing".
   */
  rank?: Given['rank'];
  /**
   * Weight of log(1 + times bought), added to the log-likelihood of a name when names are ranked. 0 is the model alone;
   * above it where people buy the same again (groceries: 2), below it where they hardly do (films: −20). Choose it on
   * validation rows.
   */
  prior?: Given['prior'];
  /** Generation writes nothing but names of the catalogue. */
  constrain?: Given['constrain'];
  /**
   * Metrics are taken at these list lengths, and an answer to learn from holds as many names as the longest. 5 is what
   * a page shows, and what a small model can write without losing the thread.
   */
  cutoffs?: Given['cutoffs'];
  /** What average precision is divided by: RecBole's min(|R|, k), or ranx's |R|. */
  averagePrecision?: Given['averagePrecision'];
  /**
   * How alike a name has to be to one of the catalogue to count as a misspelling of it: 1 − edits / length of the
   * longer one. 0.85 forgives one slip in seven letters and keeps "cat food" from being "dog food" (0.63).
   */
  fuzzyThreshold?: Given['fuzzyThreshold'];
  /**
   * In which order the prompt tells the history. `most-bought` says a name once, with its count: short, and the order
   * is itself a good recommendation. `most-recent` keeps the sequence, the last purchase last.
   */
  historyOrder?: Given['historyOrder'];
  /**
   * In which order an answer to learn from names what was bought; to the till a basket is a set. `likeliest-first`:
   * what the shopper bought most often before, then what sells most (if the catalogue says), then as given. The model
   * then learns to say first what is likeliest, which is what ranking metrics ask for. *Product search* is always as
   * given.
   */
  answerOrder?: Given['answerOrder'];
  /** How many names of the history the prompt holds at most. */
  historyItems?: Given['historyItems'];
}

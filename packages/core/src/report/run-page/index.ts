import { documentOf, type Section } from '../document.ts';
import type { RunRecord } from '../run-record.ts';
import { confusionSection } from './confusion.ts';
import { curvesSection } from './curves.ts';
import { forgettingSection } from './forgetting.ts';
import { leadOf, titleOf } from './lead.ts';
import { optionsSection } from './options.ts';
import { outcomeSection } from './outcome.ts';
import { repeatSection } from './repeat.ts';
import { rowsSection } from './rows.ts';
import { samplesSection } from './samples.ts';

/** A run as one HTML document. */
export const runPage = (record: RunRecord): string =>
  documentOf({ title: titleOf(record), lead: leadOf(record), sections: runSections(record) });

/** The parts of a run's page, for a page that is made of some of them. */
export const runSections = (record: RunRecord): Section[] =>
  [
    outcomeSection(record),
    samplesSection(record),
    confusionSection(record),
    curvesSection(record),
    forgettingSection(record),
    rowsSection(record),
    optionsSection(record),
    repeatSection(record),
  ].filter((section) => section !== null);

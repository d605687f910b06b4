import type { Command } from '../command.ts';
import { cacheClean } from './cache-clean.ts';
import { doctor } from './doctor.ts';
import { engineInstall } from './engine-install.ts';
import { engineRemove } from './engine-remove.ts';
import { evaluate } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { generate } from './generate.ts';
import { importConfig } from './import-config.ts';
import { preview } from './preview.ts';
import { push } from './push.ts';
import { report } from './report.ts';
import { score } from './score.ts';
import { serve } from './serve.ts';
import { studio } from './studio.ts';
import { sweep, sweepPlan, sweepReport, sweepWork } from './sweep.ts';
import { sweepCancel, sweepPrint } from './sweep-elsewhere.ts';
import { train } from './train.ts';
import { verify } from './verify.ts';
import { worker } from './worker.ts';

/** In the order of the help: what one does first comes first. */
export const commands: readonly Command[] = [
  doctor,
  engineInstall,
  engineRemove,
  importConfig,
  preview,
  train,
  evaluate,
  score,
  generate,
  serve,
  exportCommand,
  push,
  report,
  verify,
  sweep,
  sweepPlan,
  sweepWork,
  sweepReport,
  sweepPrint,
  sweepCancel,
  worker,
  studio,
  cacheClean,
];

import { local } from './local.ts';
import { executorConformance } from './test-support/executor-conformance.ts';

executorConformance('local', { open: local });

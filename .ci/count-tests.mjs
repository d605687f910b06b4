/** `node count-tests.mjs REPORT STATUS`: prints passed and failed tests of vitest's JSON report, e.g. `412 0`. */
import { readFileSync } from 'node:fs';

const [path = '', status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed = report.numPassedTests;
  failed = report.numFailedTests;
} catch {
  // No report: the run ended before vitest could write one, and the status says so.
}
// A file that does not load has no test that could fail, and neither has an error between tests.
if (status !== '0' && failed === 0) failed = 1;
console.log(passed, failed);

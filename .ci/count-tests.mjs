/**
 * `node count-tests.mjs REPORT STATUS`: passed and failed tests of vitest's JSON report, e.g. `412 0`, then a line for
 * each file with skipped tests: how many, and which.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [path = '', status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
const skipped = [];
try {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed = report.numPassedTests;
  failed = report.numFailedTests;
  for (const { name, assertionResults } of report.testResults) {
    const left = assertionResults.filter(
      (/** @type {{ status: string }} */ test) => !['passed', 'failed'].includes(test.status),
    );
    const [first] = left;
    if (!first) continue;
    const others = left.length > 1 ? ` and ${left.length - 1} more` : '';
    skipped.push(`${relative(process.cwd(), name)}: ${first.fullName}${others}`);
  }
} catch {
  // No report: the run ended before vitest could write one, and the status says so.
}
// A file that does not load has no test that could fail, and neither has an error between tests.
if (status !== '0' && failed === 0) failed = 1;
console.log(passed, failed);
for (const line of skipped) console.log(line);

/**
 * `node count-tests.mjs REPORT STATUS`: passed and failed tests of vitest's JSON report, e.g. `412 0`, then a line
 * `Failed: …` for each test that did and `Skipped: …` for each file with tests that were: which, and how many more.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [path = '', status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
const named = [];
try {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed = report.numPassedTests;
  failed = report.numFailedTests;
  for (const { name, assertionResults } of report.testResults) {
    const file = relative(process.cwd(), name);
    const skipped = [];
    for (const { status, fullName: title, failureMessages } of assertionResults) {
      const fullName = title.replaceAll(/\s+/g, ' ');
      if (status === 'failed') named.push(`Failed: ${file}: ${fullName}: ${failureMessages[0]?.split('\n')[0]}`);
      else if (status !== 'passed') skipped.push(fullName);
    }
    const others = skipped.length > 1 ? ` and ${skipped.length - 1} more` : '';
    if (skipped.length > 0) named.push(`Skipped: ${file}: ${skipped[0]}${others}`);
  }
} catch {
  // No report: the run ended before vitest could write one, and the status says so.
}
// A file that does not load has no test that could fail, and neither has an error between tests.
if (status !== '0' && failed === 0) {
  failed = 1;
  named.push(`Failed: npm test, with status ${status} though no test failed`);
}
console.log(passed, failed);
for (const line of named) console.log(line);

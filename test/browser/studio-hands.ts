import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** What a user of the studio does with its pages. */

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The banking messages as somebody else has them: other columns, semicolons, and nothing in row 17. */
export function bankingCsv(rows: number): string {
  const lines = readFileSync(at('packages/recipe-support/fixtures/banking77-train.csv'), 'utf8').split('\n');
  const simple = lines.slice(1).filter((line) => !line.includes('"') && line.split(',').length === 2);
  const kept = simple.slice(0, rows).map((line) => line.replace(',', ';'));
  kept[16] = `;${kept[16]?.split(';')[1]}`;
  return ['text;category', ...kept, ''].join('\n');
}

/** Puts a file onto the page as a hand does. */
export async function dropFile(page: Page, path: string, name: string): Promise<void> {
  const [text, title] = [readFileSync(path, 'utf8'), name].map((one) => JSON.stringify(one));
  const files = await page.evaluateHandle(
    `{ const files = new DataTransfer(); files.items.add(new File([${text}], ${title})); files; }`,
  );
  await page.locator('#drop').dispatchEvent('drop', { dataTransfer: files });
  await page.locator('#upload', { hasText: 'is there' }).waitFor();
}

export async function fillIn(
  page: Page,
  { name, weight, epochs }: { name: string; weight: string; epochs: string },
): Promise<void> {
  await page.locator('#recipe').selectOption('support');
  await page.locator('#model-here').selectOption({ label: 'models/stories260k (llama)' });
  await page.getByLabel('prompt’s weight as a number').fill(weight);
  await page.getByLabel('method').selectOption('full');
  await page.getByLabel('learning rate', { exact: true }).fill('3e-3');
  await page.getByLabel('epochs').fill(epochs);
  await page.getByLabel('name of the run').fill(name);
}

export async function start(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.waitForURL('**/run?**');
}

/** Waits until the page says so. */
export const stateOf = (page: Page, state: string): Promise<void> =>
  page.locator(`.state.${state}`).first().waitFor({ timeout: 120_000 });

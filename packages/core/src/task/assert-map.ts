import { UserError } from '../errors.ts';
import { nearestOf } from '../nearest.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { mapOption } from '../rows/suggest-map.ts';
import type { TrainingOptions } from '../training/options.ts';

type ReadingOptions = Pick<TrainingOptions, 'map'> &
  Partial<Pick<TrainingOptions, 'rowWeight' | 'splitBy' | 'splitByTime'>>;

/**
 * Whatever a column is to be called has to be a field that the recipe or an option reads: otherwise it would be read by nobody.
 * @throws {UserError} `option-invalid`
 */
export function assertMap<Row>({ name, rowFields }: Recipe<Row>, options: ReadingOptions): void {
  const { map = {}, rowWeight, splitBy, splitByTime } = options;
  if (rowFields === undefined) return;
  // Options know a column by either name.
  const ofOptions = [rowWeight, splitBy, splitByTime];
  const isRead = (one: string, from: string) =>
    rowFields.includes(one) || ofOptions.includes(one) || ofOptions.includes(from);
  const [field, column] = Object.entries(map).find(([one, from]) => !isRead(one, from)) ?? [];
  if (field === undefined || column === undefined) return;
  const others = Object.entries(map).filter(([one]) => one !== field);
  const nearest = nearestOf(
    field,
    rowFields.filter((one) => map[one] === undefined),
  );
  const meant = rowFields.includes(column) ? { [column]: field } : nearest && { [nearest]: column };
  throw new UserError({
    code: 'option-invalid',
    problem: `The recipe "${name}" reads no field "${field}".`,
    where: 'option map',
    fix: meant
      ? `Did you mean ${mapOption({ ...Object.fromEntries(others), ...meant })}? The recipe's field comes first.`
      : `The recipe's field comes first, then the column; its fields are ${rowFields.join(', ')}.`,
  });
}

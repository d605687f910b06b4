import { layerPatterns } from './match-layers.ts';
import type { AdapterConfig } from './read-adapter-config.ts';

/**
 * Which layers PEFT puts adapters on by what a config says (`check_target_module_exists`): those that `target_modules`
 * names, but for those that `exclude_modules` names or that are trained whole, and of these the ones that
 * `layers_to_transform` numbers. A list holds whole names, or their ends from a dot on; a text is a regular expression for
 * whole names.
 * @param layers every linear layer of the model
 * @returns undefined where the config does not say, or by an expression that RE2 can't match
 */
export function targetedLayers(config: AdapterConfig, layers: readonly string[]): ReadonlySet<string> | undefined {
  try {
    const { target_modules: target, exclude_modules: excluded } = config;
    if (target === undefined || target === null) return undefined;
    const compile = layerPatterns();
    const isTarget = String(target).toLowerCase() === 'all-linear' ? () => true : named(target, compile.whole);
    const isExcluded = named(excluded || [], compile.whole);
    const wholes = (config.modules_to_save ?? []).map((module) => compile.whole(`(.*\\.)?${module}(\\..*)?`));
    const isChosen = choosesByNumber(config, compile.whole);
    const chosen = (layer: string) =>
      isTarget(layer) &&
      !isExcluded(layer) &&
      !wholes.some((fits) => fits(layer)) &&
      (isListed(target, layer) || isChosen(layer));
    return new Set(layers.filter(chosen));
  } catch {
    return undefined;
  }
}

type Compile = ReturnType<typeof layerPatterns>['whole'];

function named(names: string | readonly string[], compile: Compile): (layer: string) => boolean {
  if (typeof names === 'string') return compile(names);
  const ends = new Set(names);
  return (layer) => endsOf(layer).some((end) => ends.has(end));
}

/** A layer that a list names in full is chosen whatever its number. */
const isListed = (target: string | readonly string[], layer: string) =>
  typeof target === 'string' || target.includes(layer);

/** By the first number in a layer's name, or the one after `layers_pattern`. */
function choosesByNumber(
  { layers_to_transform: wanted, layers_pattern: pattern }: AdapterConfig,
  compile: Compile,
): (layer: string) => boolean {
  const numbers = [wanted ?? []].flat();
  if (numbers.length === 0) return () => true;
  const before = [pattern ?? []].flat().filter((one) => one !== '');
  const patterns = before.map((one) => compile(`(.*\\.)?${one}`));
  return (layer) => {
    const found = [...layer.matchAll(/\.(\d+)(?=\.)/g)].find(
      ({ index }) => patterns.length === 0 || patterns.some((fits) => fits(layer.slice(0, index))),
    );
    return found !== undefined && numbers.includes(Number(found[1]));
  };
}

/** A name and what follows each of its dots: what PEFT takes for it. */
export function endsOf(name: string): string[] {
  const ends = [name];
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) ends.push(name.slice(dot + 1));
  return ends;
}

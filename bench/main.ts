import { loadavg } from 'node:os';
import { agrees } from './compare.ts';
import { HELP, parseCommand } from './options.ts';
import { writeResults } from './results.ts';
import { scenarios } from './scenarios/index.ts';
import { outputOf } from './side.ts';
import { tableOf } from './table.ts';
import { writeFigures } from './write-figures.ts';

/** `pnpm bench`: runs scenarios one after the other and prints their tables. */

const { names, all, list, profile, write, help, ...options } = parseCommand(process.argv.slice(2));
const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) throw new Error(`No scenario ${unknown.join(', ')}; see pnpm bench --list`);
const chosen = scenarios.filter(({ name, standard }) => (names.length > 0 ? names.includes(name) : all || standard));

if (help) console.log(HELP);
else if (list) {
  for (const { name, about, standard } of scenarios) {
    console.log(`${name.padEnd(16)} ${standard ? '' : '(not in the standard set) '}${about}`);
  }
} else if (profile) {
  for (const scenario of chosen) {
    const side = scenario.ours?.(options);
    if (!side) throw new Error(`${scenario.name} has no profile`);
    console.log(
      `# ${scenario.name}, ${side.name}\n\n${await outputOf({ ...side, args: [...side.args, '--profile'] })}`,
    );
  }
} else {
  for (const scenario of chosen) {
    console.error(`${scenario.name}: ${scenario.about}`);
    const [load = 0] = loadavg();
    // Within a run the last scenario is still in the average, with a process of as many threads as there are cores.
    if (scenario === chosen[0] && load > 1) {
      console.error(
        `  The machine is busy (load ${load.toFixed(1)}): ratios below may be far off. Threads that wait lose most.`,
      );
    }
    const sections = await scenario.run(options);
    for (const section of sections) console.log(`\n## ${section.title}\n\n${tableOf(section)}`);
    console.error(`  ${writeResults(scenario.name, options, sections)}`);
    if (write) writeFigures(scenario.name, sections);
    const differing = sections
      .flatMap(({ comparisons }) => comparisons)
      .filter(({ comparison }) => !agrees(comparison));
    for (const { what } of differing) console.error(`${scenario.name}, ${what}: the sides did not do the same work`);
    if (differing.length > 0) process.exitCode = 1;
  }
}

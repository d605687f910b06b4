import { type Means, newcomer } from './newcomer.ts';

const RECIPE = '@counterweight/recipe-support';

/** A recipe of the second release beside core of the first: said when it is installed, and again when it is loaded. */
export async function withNewerRecipe(means: Means, first: string, second: string): Promise<void> {
  const old = ['@counterweight/core', '@counterweight/cli', '@counterweight/stories260k'].map(
    (name) => `${name}@${first}`,
  );
  const user = newcomer('user-of-an-older-core', means);
  user.write('package.json', '{ "private": true }');
  user.write('rows.csv', 'message,problem\nWhere is my card?,card arrival\n');
  await user.run('npm', 'install', ...old);
  const told = await user.fails('npm', 'install', `${RECIPE}@${second}`);
  if (!told.includes('ERESOLVE') || !told.includes(`@counterweight/core@"^${second}"`)) throw new Error(told);

  await user.run('npm', 'install', '--legacy-peer-deps', `${RECIPE}@${second}`);
  const preview = ['preview', '--recipe', 'support', '--model', '@counterweight/stories260k', '--data', 'rows.csv'];
  const refused = await user.fails('npx', 'counterweight', ...preview);
  const sentence = `${RECIPE} ${second} needs @counterweight/core ^${second}, and this is ${first}`;
  if (!refused.includes(sentence)) throw new Error(`preview says: ${refused}`);

  const all = ['@counterweight/core', '@counterweight/cli', '@counterweight/stories260k', RECIPE];
  await user.run('npm', 'install', ...all.map((name) => `${name}@latest`));
  await user.run('npx', 'counterweight', ...preview);
}

/** Who installs after the second release gets what it brings. */
export async function withSecondRelease(means: Means, second: string): Promise<void> {
  const user = newcomer('user-of-the-second-release', means);
  user.write('package.json', '{ "private": true }');
  await user.run('npm', 'install', '@counterweight/core', RECIPE, '@counterweight/cli');
  const ask = `import('${RECIPE}').then(({ theSecondRelease }) => console.log(theSecondRelease))`;
  const said = (await user.run('node', '-e', ask)) + (await user.run('npx', 'counterweight', '--version'));
  if (said.split(/\s+/).join() !== `true,${second},`) throw new Error(`it says: ${said}`);
}

/** The change that the second release brings. */
export const aChange = {
  folder: 'packages/recipe-support',
  file: 'src/index.ts',
  text: '\n/** Here since the second release. */\nexport const theSecondRelease = true;\n',
} as const;

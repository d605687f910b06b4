import { join } from 'node:path';
import { type Mistake, model, row, training, write } from './mistake.ts';

export function onTheCommandLine(folder: string): Record<string, Mistake> {
  const train = (...more: string[]) => training(folder, ...more);
  return {
    'a command that does not exist': { argv: ['trian'], says: [/unknown command 'trian'/, /Did you mean train\?/] },
    'a group without a command': { argv: ['engine'], says: [/no command was named/, /Name one of the commands/] },
    'an option that does not exist': {
      argv: train('--learning-rat', '1'),
      says: [/unknown option '--learning-rat'/, /Did you mean --learning-rate\?/],
    },
    'an option without its value': { argv: train('--batch-size'), says: [/'--batch-size <n>' argument missing/] },
    'a word too many': { argv: train('--seed', '1', 'quickly'), says: [/too many arguments/] },
    'no model': { argv: ['train', '--data', 'x.jsonl'], says: [/--model is missing/, /Give --model: folder/] },
    'no data': { argv: ['train', '--model', model], says: [/--data is missing/, /Give --data: rows/] },
    'a word for a number': { argv: train('--batch-size', 'many'), says: [/--batch-size takes a number, not "many"/] },
    'half a batch': { argv: train('--batch-size', '1.5'), says: [/batchSize cannot be 1.5/, /where: --batch-size/] },
    'a batch of nothing': { argv: train('--batch-size', '0'), says: [/batchSize cannot be 0/] },
    'a negative number': { argv: train('--warmup-steps=-1'), says: [/warmupSteps cannot be -1/] },
    'a learning rate of 0': { argv: train('--learning-rate', '0'), says: [/learningRate cannot be 0/] },
    'a number too large': {
      argv: train('--learning-rate', '1e999'),
      says: [/--learning-rate cannot be 1e999: it is too large/, /where: --learning-rate/],
    },
    infinity: { argv: train('--weight-decay', 'Infinity'), says: [/--weight-decay cannot be Infinity/] },
    'a misspelt engine': { argv: train('--engine', 'wsam'), says: [/"wsam"/, /Did you mean wasm\? Give one of auto/] },
    'a misspelt method': { argv: train('--method', 'lroa'), says: [/"lroa"/, /Did you mean lora\?/] },
    'a misspelt packing': { argv: train('--packing', 'example'), says: [/Did you mean examples\?/] },
    'a precision of other trainers': { argv: train('--precision', 'fp16'), says: [/Give one of .*f32.*bf16/] },
    'a misspelt schedule': { argv: train('--schedule', 'cosin'), says: [/Did you mean cosine\?/] },
    'more than all held out': { argv: train('--eval-split', '1.5'), says: [/evalSplit cannot be 1.5/] },
    'two sources to evaluate on': {
      argv: train('--eval-split', '0.1', '--eval-data', 'x.jsonl'),
      says: [/two sources of rows/, /where: --eval-data, --eval-split/],
    },
    'the weight of the prompt twice': {
      argv: train('--prompt-loss-weight', '1', '--prompt-loss-fraction', '0.5'),
      says: [/said twice/],
    },
    'resume without a run': { argv: train('--resume'), says: [/no run to go on with/, /--output runs/] },
    'neither true nor false': { argv: train('--shuffle', 'perhaps'), says: [/takes true or false, not "perhaps"/] },
    'options that are no JSON': {
      argv: train('--recipe-options', '{task: intent}'),
      says: [/recipeOptions cannot be .*not JSON/, /where: --recipe-options/],
    },
    'a day that is none': { argv: train('--template-date', 'tomorrow'), says: [/templateDate cannot be "tomorrow"/] },
    'a token twice': { argv: train('--add-tokens', '<a>,<a>'), says: [/named twice/] },
  };
}

export function inConfigFiles(folder: string): Record<string, Mistake> {
  const config = (name: string, content: string) => {
    write(folder, { [name]: content });
    return ['train', '--model', model, '--data', 'x.jsonl', '--config', join(folder, name)];
  };
  config('train.yaml', 'seed: 1');
  return {
    'no config file': {
      argv: ['train', '--config', join(folder, 'trian.yaml')],
      says: [/config file cannot be read/, /trian\.yaml/, /Did you mean .*train\.yaml\?/],
    },
    'a config file that is no YAML': {
      argv: config('broken.yaml', 'a: [1,\nb: }'),
      says: [/does not load/, /broken\.yaml/],
    },
    'a config file of another kind': {
      argv: config('options.toml', 'a = 1'),
      says: [/type "\.toml"/, /options\.toml/],
    },
    'a config file with a list': { argv: config('list.json', '[1]'), says: [/one object of options/, /list\.json/] },
    'a misspelt name in a config file': {
      argv: config('name.yaml', 'learningrate: 1'),
      says: [/Unknown option "learningrate"/, /name\.yaml/, /Did you mean learningRate\?/],
    },
    'a wrong value in a config file': {
      argv: config('value.yaml', 'batchSize: many'),
      says: [/batchSize cannot be "many"/, /value\.yaml, batchSize/],
    },
    'infinity in a config file': {
      argv: config('infinity.yaml', 'learningRate: .inf'),
      says: [/learningRate cannot be Infinity/, /infinity\.yaml, learningRate/],
    },
  };
}

export function inRecipes(folder: string): Record<string, Mistake> {
  const train = (recipe: string, ...more: string[]) => training(folder, '--recipe', recipe, ...more);
  write(folder, { 'broken.ts': 'export default {;', 'empty.ts': 'export const a = 1;', 'claims.ts': 'export {};' });
  return {
    'a misspelt recipe': {
      argv: train('suport'),
      says: [/no recipe "suport"/, /Did you mean support\?/],
    },
    'a recipe of a package that is not there': {
      argv: train('@acme/recipe-none'),
      says: [/no recipe "@acme\/recipe-none"/, /npm install @acme\/recipe-none/],
    },
    'a misspelt path of a recipe': {
      argv: train(join(folder, 'clams.ts')),
      says: [/clams\.ts/, /Did you mean .*claims\.ts\?/],
    },
    'a recipe that does not load': { argv: train(join(folder, 'broken.ts')), says: [/does not load/, /broken\.ts/] },
    'a module without a recipe': { argv: train(join(folder, 'empty.ts')), says: [/exports no recipe/, /as default/] },
    "a misspelt option of a recipe's": { argv: train('support', '--tsak', 'intent'), says: [/Did you mean --task\?/] },
    "a wrong value of a recipe's option": { argv: train('support', '--task', 'intents'), says: [/task/, /intent/] },
    'options for a recipe without any': {
      argv: train('plain', '--recipe-options', '{"a": 1}'),
      says: [/takes no options/, /Leave --recipe-options out/],
    },
  };
}

export function ofOtherCommands(folder: string): Record<string, Mistake> {
  write(folder, { 'good.jsonl': row, 'outputs.jsonl': '"a"\n"b"\n', 'words.jsonl': 'Lily.\n' });
  const data = ['--data', join(folder, 'good.jsonl')];
  const score = (name: string) => ['score', ...data, '--generated', join(folder, name)];
  const generate = (...more: string[]) => ['generate', '--model', model, '--engine', 'wasm', ...more];
  return {
    'outputs that are not there': {
      argv: score('output.jsonl'),
      says: [/cannot be read/, /output\.jsonl/, /Did you mean .*outputs\.jsonl\?/],
    },
    'more outputs than rows': { argv: score('outputs.jsonl'), says: [/1 rows?, but 2 lines/, /outputs\.jsonl/] },
    'an output without quotes': { argv: score('words.jsonl'), says: [/neither a JSON string/, /words\.jsonl, line 1/] },
    'nothing to complete': { argv: generate(), says: [/nothing to complete/, /--prompt TEXT/] },
    'a prompt and a row': { argv: generate('--prompt', 'a', '--row', '{}'), says: [/two ways to say one thing/] },
    'a prompt for a recipe': {
      argv: generate('--recipe', 'support', '--prompt', 'a'),
      says: [/--row/, /--recipe support/],
    },
    'a row that is no JSON': {
      argv: generate('--row', '{prompt}'),
      says: [/row cannot be .*not JSON/, /where: --row/],
    },
    'a row without its field': { argv: generate('--row', '{"txet": "a"}'), says: [/row 1, field "prompt"/] },
    'samples that are all the same': {
      argv: ['evaluate', '--model', model, ...data, '--samples', '3', '--engine', 'wasm'],
      says: [/3 samples of a row are all the same/, /temperature/],
    },
    'a misspelt format': { argv: ['export', 'runs/x', '--to', 'ggfu'], says: [/Did you mean gguf\?/] },
    'a type that a format has not': {
      argv: ['export', 'runs/x', '--to', 'onnx', '--type', 'q8_0'],
      says: [/onnx does not store weights as q8_0/, /f32, int8/],
    },
    'an export of nothing': { argv: ['export', join(folder, 'used'), '--to', 'merged'], says: [/\/used/] },
  };
}

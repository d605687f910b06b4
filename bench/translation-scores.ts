/**
 * How long corpus BLEU, chrF++ and TER take on 3,000 segments, each of three sentences of the samples; and, where a
 * Python with sacreBLEU is named, how long sacreBLEU takes for the same, and whether the scores are the same.
 *
 *     node bench/translation-scores.ts [PYTHON]
 *
 * Each is measured in five rounds; the first is the one that a program meets that scores once.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bleu, type CorpusMetric, chrfPlusPlus, corpusScore, ter } from '../packages/recipe-translation/src/index.ts';

const SEGMENTS = 3000;
const ROUNDS = 5;
const metrics: Record<string, CorpusMetric> = { bleu: bleu(), chrfPlusPlus: chrfPlusPlus(), ter: ter() };

const targets: string[] = readFileSync(
  new URL('../packages/recipe-translation/fixtures/tatoeba-train.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line).target);
const at = (index: number) => targets[index % targets.length]!;
const references = Array.from({ length: SEGMENTS }, (_, i) => [at(i), at(i * 7 + 1), at(i * 13 + 2)].join(' '));
// An output has the second sentence first, and another one for the third.
const hypotheses = Array.from({ length: SEGMENTS }, (_, i) => [at(i * 7 + 1), at(i), at(i * 17 + 5)].join(' '));
const characters = references.reduce((sum, text) => sum + text.length, 0) / SEGMENTS;
console.log(`${SEGMENTS} segments of ${characters.toFixed(0)} characters on average; seconds in ${ROUNDS} rounds`);

const corpus = { hypotheses, references: references.map((reference) => [reference]) };
for (const [name, metric] of Object.entries(metrics)) {
  const { seconds, score } = measured(() => corpusScore(metric, corpus).score);
  report('this package', name, seconds, score);
}

const python = process.argv[2];
if (python) {
  const program = `
import json, sys, time
from sacrebleu.metrics import BLEU, CHRF, TER
task = json.load(sys.stdin)
for name, make in (('bleu', BLEU), ('chrfPlusPlus', lambda: CHRF(word_order=2)), ('ter', TER)):
    seconds = []
    for _ in range(task['rounds']):
        start = time.perf_counter()
        score = make().corpus_score(task['hypotheses'], [task['references']]).score
        seconds.append(time.perf_counter() - start)
    print(json.dumps({'name': name, 'seconds': seconds, 'score': score}))
`;
  const input = JSON.stringify({ hypotheses, references, rounds: ROUNDS });
  const { stdout, stderr, status } = spawnSync(python, ['-c', program], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  for (const line of stdout.trim().split('\n')) {
    const { name, seconds, score } = JSON.parse(line);
    report('sacreBLEU', name, seconds, score);
  }
}

function measured(run: () => number): { seconds: number[]; score: number } {
  let score = 0;
  const seconds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    score = run();
    return (performance.now() - start) / 1000;
  });
  return { seconds, score };
}

function report(side: string, name: string, seconds: readonly number[], score: number): void {
  console.log(`${side}, ${name}: ${seconds.map((value) => value.toFixed(2)).join(' ')}   score ${score}`);
}

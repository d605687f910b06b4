import { describe } from 'vitest';
import { enginesToTest } from '../test-support/engines.ts';
import { itHasItsGradients } from '../test-support/gradient-suite.ts';
import { type GradientCase, testParameters } from '../test-support/gradients.ts';
import { randomTensor } from '../test-support/random-tensor.ts';
import { headNorms } from './attention/head-norms.ts';
import { fromInterleavedQkv } from './attention/interleaved-qkv.ts';
import type { NormShape } from './config.ts';
import { gelu, geluTanh, geluTanhGated } from './layers/gelu.ts';
import { layerNorm } from './layers/layer-norm.ts';
import { linear } from './layers/linear.ts';
import { norm } from './layers/norm.ts';
import { parallelResidual } from './layers/parallel.ts';
import { rmsNorm } from './layers/rms-norm.ts';

const tokens = 6;
const shape = { heads: 4, keyValueHeads: 2, headSize: 4 };
const fromOne = (name: string): NormShape => ({ kind: 'rms-from-one', name, epsilon: 1e-5 });

/** The layers that families other than Llama need; made anew for every test. */
const cases: Record<string, () => GradientCase> = {
  'layer norm with a bias': () => {
    const parameters = testParameters({ 'n.weight': randomTensor([6], 1), 'n.bias': randomTensor([6], 2) });
    return { input: randomTensor([tokens, 6], 3), parameters, layer: layerNorm(parameters, 'n', 1e-5) };
  },
  'RMS norm whose weight is stored as its distance from 1': () => {
    const parameters = testParameters({ 'w.weight': randomTensor([6], 1) });
    return { input: randomTensor([tokens, 6], 2), parameters, layer: norm(parameters, fromOne('w')) };
  },
  'a transposed linear layer with an adapter': () => {
    const parameters = testParameters({
      'one.weight': randomTensor([6, 4], 1),
      'one.bias': randomTensor([4], 2),
      'one.lora_A': randomTensor([2, 6], 3),
      'one.lora_B': randomTensor([4, 2], 4),
    });
    const parts = [{ name: 'one', outputs: 4, adapter: { rank: 2, scale: 0.5 } }];
    const layer = linear(parameters, { name: 'one', inputs: 6, bias: true, transposed: true, parts });
    return { input: randomTensor([tokens, 6], 5), parameters, layer };
  },
  'norms of heads': () => {
    const parameters = testParameters({ 'q.weight': randomTensor([4], 1), 'k.weight': randomTensor([4], 2) });
    const layer = headNorms(parameters, shape, { queryNorm: fromOne('q'), keyNorm: fromOne('k') });
    return { input: randomTensor([tokens, 32], 3), parameters, layer };
  },
  'heads put together': () => ({
    input: randomTensor([tokens, 48], 1),
    parameters: testParameters({}),
    layer: fromInterleavedQkv(shape),
  }),
  'parallel layers': () => {
    const parameters = testParameters({ w: randomTensor([6], 1) });
    const layer = parallelResidual(rmsNorm(parameters, 'w', 1e-5), gelu);
    return { input: randomTensor([tokens, 6], 2), parameters, layer };
  },
  gelu: () => ({ input: randomTensor([tokens, 8], 1, 3), parameters: testParameters({}), layer: gelu }),
  'gelu by tanh': () => ({
    input: randomTensor([tokens, 8], 1, 3),
    parameters: testParameters({}),
    layer: geluTanh,
  }),
  'gelu as a gate': () => ({
    input: randomTensor([tokens, 8], 1, 3),
    parameters: testParameters({}),
    layer: geluTanhGated,
  }),
};

describe.each(await enginesToTest())('gradients on %s', (engine) => itHasItsGradients(engine, cases));

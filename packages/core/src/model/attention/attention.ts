import { currentEngine } from '../../tensor/engine.ts';
import { goThrough, type Layer, layerOfSteps } from '../layers/layer.ts';
import { blockedAttention, scoresFitAtOnce } from './blocked-attention.ts';
import { fusedAttention } from './fused-attention.ts';
import type { AttentionShape, Sequence } from './grouped-heads.ts';
import { plainAttention } from './plain-attention.ts';

/**
 * Attention over a joined `[tokens, q | k | v]`, heads side by side in each, giving `[tokens, heads · headSize]` in the
 * same precision.
 */
export const attention = (shape: AttentionShape, sequence: Sequence): Layer =>
  layerOfSteps((qkv) => {
    const fitting = scoresFitAtOnce(shape, sequence) ? plainAttention : blockedAttention;
    return goThrough((currentEngine().fusedKernels ? fusedAttention : fitting)(shape, sequence), qkv);
  });

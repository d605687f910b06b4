import { currentEngine } from '../../tensor/engine.ts';
import type { Layer } from '../layers/layer.ts';
import { blockedAttention, scoresFitAtOnce } from './blocked-attention.ts';
import { fusedAttention } from './fused-attention.ts';
import type { AttentionShape, Sequence } from './grouped-heads.ts';
import { plainAttention } from './plain-attention.ts';

/**
 * Attention over a joined `[tokens, q | k | v]`, heads side by side in each, giving `[tokens, heads · headSize]` in the
 * same precision.
 */
export function attention(shape: AttentionShape, sequence: Sequence): Layer {
  return (qkv) => {
    if (currentEngine().fusedKernels) return fusedAttention(shape, sequence)(qkv);
    return (scoresFitAtOnce(shape, sequence) ? plainAttention : blockedAttention)(shape, sequence)(qkv);
  };
}

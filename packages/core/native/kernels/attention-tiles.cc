// The arithmetic of attention. This file is compiled once for every instruction set, see instruction-sets.h.
#include "attention-backward.h"
#include "attention-forward.h"

namespace {

// Bfloat16 is multiplied as it is where the processor can, and as f32 elsewhere.
#if defined(CW_PAIRS)
typedef Pairs Halved;
#else
typedef Singles Halved;
#endif

int64_t queryBlock(const AttentionShape& shape) { return tilesOf(shape) * lanes; }

int64_t forwardScratch(const Attention& problem) {
  const AttentionShape& shape = problem.shape;
  return problem.qkv.isBfloat16 ? forwardScratchOf<Halved>(shape).size : forwardScratchOf<Singles>(shape).size;
}

int64_t backwardScratch(const Attention& problem, const AttentionPart& part) {
  const AttentionShape& shape = problem.shape;
  if (problem.qkv.isBfloat16) return backwardScratchOf<Halved>(shape, part).size;
  return backwardScratchOf<Singles>(shape, part).size;
}

void forward(const Attention& problem, int64_t row, int64_t head, int64_t from, float* scratch) {
  if (problem.qkv.isBfloat16) forwardOf<Halved, Bfloat16>(problem, row, head, from, scratch);
  else forwardOf<Singles, float>(problem, row, head, from, scratch);
}

void backward(const Attention& problem, const AttentionPart& part, float* scratch) {
  if (problem.qkv.isBfloat16) backwardOf<Halved, Bfloat16>(problem, part, scratch);
  else backwardOf<Singles, float>(problem, part, scratch);
}

}  // namespace

namespace counterweight {
const AttentionTiles CW_TABLE(attentionTiles) = {queryBlock, forwardScratch, backwardScratch, forward, backward};
}

// The arithmetic of adapters. This file is compiled once for every instruction set, see instruction-sets.h.
#include "low-rank-outer.h"
#include "low-rank-thin.h"

namespace counterweight {
const LowRankVectors CW_TABLE(lowRankVectors) = {hasSquares, packedSize,  pack,         thinScratch, thin,    downSize,
                                                 packDown,   columnBlock, outerScratch, outer};
}

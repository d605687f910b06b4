// The arithmetic of adapters. This file is compiled once for every instruction set, see instruction-sets.h.
#include "low-rank-outer.h"
#include "low-rank-thin.h"

namespace counterweight {
const LowRankVectors CW_TABLE(lowRankVectors) = {packedSize, pack,        thinScratch,  thin,
                                                 packDown,   columnBlock, outerScratch, outer};
}

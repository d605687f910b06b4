// The arithmetic of matrix products. This file is compiled once for every instruction set, see instruction-sets.h.
#include "product-thin-quantized.h"

namespace counterweight {
const ProductTables CW_TABLE(productTables) = {hasPairs, hasSquares, lanes, blockRows, blockVectors * lanes, thinRows,
                                               pack, packSquares, tile, dots, additions};
}

// silu(gate) · up of a joined [rows, gate | up], as src/model/swiglu.ts describes it. All arrays are of one type.
#pragma once
#include "array.h"

namespace counterweight {

struct SwigluVectors {
  // y [rows, size] of gateUp [rows, 2 · size].
  void (*forward)(int64_t size, Array gateUp, Array y, int64_t from, int64_t to);
  void (*backward)(int64_t size, Array gateUp, Array dy, Array dGateUp, int64_t from, int64_t to);
};

CW_DECLARE_TABLES(SwigluVectors, swigluVectors)

}  // namespace counterweight

// Causal attention over grouped heads, as src/model/attention.ts lays them out. All tensors are dense float32.
#pragma once
#include <cstdint>

#include "instruction-sets.h"

namespace counterweight {

struct AttentionShape {
  int64_t rows = 0;      // rows of the batch · key-value heads
  int64_t group = 0;     // query heads that share one key-value head
  int64_t length = 0;    // tokens of a row: as many queries a head as keys
  int64_t headSize = 0;
};

struct AttentionForward {
  AttentionShape shape;
  const float* queries = nullptr;  // [rows, group · length, headSize], rotated and scaled
  const float* keys = nullptr;     // [rows, length, headSize]
  const float* values = nullptr;   // [rows, length, headSize]
  float* mixed = nullptr;          // [rows, group · length, headSize]
  float* logSumExp = nullptr;      // [rows, group · length], of the scores that a query sees
};

struct AttentionBackward {
  AttentionShape shape;
  const float* queries = nullptr;
  const float* keys = nullptr;
  const float* values = nullptr;
  const float* mixed = nullptr;
  const float* logSumExp = nullptr;
  const float* dMixed = nullptr;
  float* dQueries = nullptr;
  float* dKeys = nullptr;
  float* dValues = nullptr;
};

// The arithmetic for one instruction set. `scratch` is aligned to 64 bytes and belongs to the caller's thread.
struct AttentionTiles {
  // Queries that one call of `forward` takes.
  int64_t queryBlock;
  // Both in floats.
  int64_t (*forwardScratch)(const AttentionShape&);
  int64_t (*backwardScratch)(const AttentionShape&);
  // Outputs for the queries [from, from + queryBlock) of one head of one row.
  void (*forward)(const AttentionForward&, int64_t row, int64_t head, int64_t from, float* scratch);
  // All gradients of one row, with every head of its group.
  void (*backward)(const AttentionBackward&, int64_t row, float* scratch);
};

CW_DECLARE_TABLES(AttentionTiles, attentionTiles)

}  // namespace counterweight

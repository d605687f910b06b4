// Causal attention over grouped heads, in the joined layout of the linear layers around it: a token's query heads, key
// heads and value heads lie side by side, and so do the heads of the output. See src/model/fused-attention.ts.
#pragma once
#include "array.h"

namespace counterweight {

struct AttentionShape {
  int64_t rows = 0;
  int64_t length = 0;  // tokens of a row
  int64_t heads = 0;
  int64_t keyValueHeads = 0;
  int64_t headSize = 0;
  int64_t rotarySize = 0;  // features of a head that are rotated, the first ones
  float scale = 1;         // of the scores
  float softcap = 0;       // none
};

struct Attention {
  AttentionShape shape;
  Array qkv;                         // [rows · length, (heads + 2 · keyValueHeads) · headSize], not rotated
  const float* cos = nullptr;        // [rows · length, rotarySize]
  const float* sin = nullptr;
  const int32_t* starts = nullptr;   // [rows · length], or null: a token sees the places from its start to itself
  const int32_t* prefixes = nullptr; // [rows], or null: and those before its row's prefix
  Array mixed;                       // [rows · length, heads · headSize]
  float* logSumExp = nullptr;        // [rows, heads, length], of the scores that a query sees; to base 2
  Array dMixed;                      // for the gradient only: like mixed
  Array dQkv;                        // like qkv
};

// Some of the work on one key-value head of one row: what these queries and these keys have to do with each other.
struct AttentionPart {
  int64_t row = 0;
  int64_t head = 0;
  int64_t queriesFrom = 0;
  int64_t queriesTo = 0;
  int64_t keysFrom = 0;
  int64_t keysTo = 0;
  bool wantsQueries = true;  // their gradient: then keys are all there are
  bool wantsKeys = true;     // the gradient of keys and values: then queries are all there are
};

// The arithmetic for one instruction set. `scratch` is aligned to 64 bytes and belongs to the caller's thread.
struct AttentionTiles {
  // Queries that a call of `forward` takes.
  int64_t (*queryBlock)(const AttentionShape&);
  // Both in floats.
  int64_t (*forwardScratch)(const Attention&);
  int64_t (*backwardScratch)(const Attention&, const AttentionPart&);
  // Outputs for the queries [from, from + queryBlock) of all heads of a group.
  void (*forward)(const Attention&, int64_t row, int64_t keyValueHead, int64_t from, float* scratch);
  void (*backward)(const Attention&, const AttentionPart&, float* scratch);
};

CW_DECLARE_TABLES(AttentionTiles, attentionTiles)

}  // namespace counterweight

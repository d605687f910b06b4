// What a tile of queries sees, and the way from products of queries and keys to probabilities and back.
#pragma once
#include "attention-rows.h"

namespace {

// Keys of which the queries of a tile hold the scores at a time.
constexpr int keyBlock = 64;
constexpr float logE = 1.44269504f;  // of e, to base 2

// What the queries [first, end) of a row see, one a lane: the keys in [start, place], and those before the prefix.
struct Sight {
  Integers start;
  Integers place;
  int64_t prefix;
  int64_t earliest;  // of the starts
  int64_t latest;
  int64_t first;
  int64_t end;
};

INLINE Sight sightOf(const Attention& problem, int64_t row, int64_t first) {
  const int64_t length = problem.shape.length;
  Sight sight = {Integers{}, laneNumbers() + (int32_t)first, 0, first, 0, first, smaller(first + lanes, length)};
  for (int64_t lane = 0; lane < lanes; lane++) {
    const int64_t place = smaller(first + lane, sight.end - 1);
    const int64_t given = problem.starts ? problem.starts[row * length + place] : 0;
    const int64_t start = given < 0 ? 0 : smaller(given, place);
    sight.start[lane] = (int32_t)start;
    sight.place[lane] = (int32_t)place;
    sight.earliest = smaller(start, sight.earliest);
    sight.latest = start > sight.latest ? start : sight.latest;
  }
  if (problem.prefixes) sight.prefix = smaller(problem.prefixes[row], length);
  return sight;
}

// Keys, counted from the beginning of their block; `whole` when every query sees all of them.
struct Stretch {
  int64_t from;
  int64_t to;
  bool whole;
};

// What a tile sees of the keys [block, end). Begins at an even place, for pairs.
INLINE Stretch stretchOf(const Sight& sight, int64_t block, int64_t end) {
  int64_t to = smaller(end, sight.end);
  if (sight.earliest >= end) to = smaller(to, sight.prefix);
  int64_t from = block;
  if (block >= sight.prefix && sight.earliest > block) from = sight.earliest - (sight.earliest - block) % 2;
  const bool whole = to <= sight.first + 1 && (from >= sight.latest || to <= sight.prefix);
  return {from - block, to - block, whole};
}

// All ones in the lanes of the queries that see a key.
INLINE Integers seenBy(const Sight& sight, int64_t key) {
  const Integers after = sight.start <= (int32_t)key;
  return (key < sight.prefix ? ~Integers{} : after) & (sight.place >= (int32_t)key);
}

// WebAssembly's relaxed instructions may lose NaN where a value is limited: what was computed of it is NaN again.
INLINE Vector keepingNan([[maybe_unused]] Vector given, Vector result) {
#if defined(__wasm_relaxed_simd__)
  return given == given ? result : given;
#else
  return result;
#endif
}

// 2ˣ to 2 units in the last place; 0 where x < −150, as for −∞; NaN stays NaN. Not meant for x > 126.
INLINE Vector powerOfTwo(Vector exponent) {
  const Vector lowest = broadcast(-200.f);
  const Vector x = lowest > exponent ? lowest : exponent;
#if defined(__AVX512F__)
  const Vector whole = (Vector)_mm512_roundscale_ps((__m512)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#else
  const Vector rounder = broadcast(12582912.f);  // 1.5 · 2²³: adding it leaves the nearest integer in the low bits
  const Vector shifted = x + rounder;
  const Vector whole = shifted - rounder;
#endif
  const Vector rest = x - whole;
  Vector series = broadcast(1.32647273e-3f);
  series = series * rest + 9.67151299e-3f;
  series = series * rest + 5.55073358e-2f;
  series = series * rest + 2.40222424e-1f;
  series = series * rest + 6.93147004e-1f;
  series = series * rest + 1.f;
#if defined(__AVX512F__)
  return (Vector)_mm512_scalef_ps((__m512)series, (__m512)whole);
#else
  const Vector power = (Vector)(((Integers)shifted + 127) << 23);
  return keepingNan(exponent, x < broadcast(-126.f) ? Vector{} : series * power);
#endif
}

// log₂ x of a positive number: a straight line between powers of two, made better twice (Halley's iteration).
INLINE Vector logarithm(Vector x) {
  Vector y = __builtin_convertvector((Integers)x, Vector) * 1.1920929e-7f - 127.f;
  for (int i = 0; i < 2; i++) {
    const Vector ratio = x * powerOfTwo(-y);
    y += (ratio - 1.f) / (ratio + 1.f) * (2.f * logE);
  }
  return y;
}

// Products of queries and keys → scores to base 2, through the soft cap.
struct Scoring {
  bool capped;
  float scale;
  float cap;
};

INLINE Scoring scoringOf(const AttentionShape& shape) {
  if (shape.softcap <= 0) return {false, shape.scale * logE, 0.f};
  return {true, shape.scale / shape.softcap, shape.softcap * logE};
}

INLINE Vector scoreOf(Vector product, Scoring scoring) {
  const Vector x = product * scoring.scale;
  if (!scoring.capped) return x;
  // tanh x = 1 − 2 / (e²ˣ + 1), which is ±1 well before ±15
  const Vector bounded = x > broadcast(15.f) ? broadcast(15.f) : x;
  return keepingNan(x, (1.f - 2.f / (powerOfTwo(bounded * (2.f * logE)) + 1.f)) * scoring.cap);
}

// The slope of the soft cap where it gives this score.
INLINE Vector slopeOf(Vector score, Scoring scoring) {
  const Vector tanh = score * (1.f / scoring.cap);
  return 1.f - tanh * tanh;
}

// Weights [keys][N] of a tile as the two sides of products: over keys, [keys / perWord][N] vectors in place of them; over
// queries, words [keys][N · lanes / perWord] in `rows`, where it is given. `keys` is even.
template <class A, int N>
INLINE const float* asOperands(Vector* weights, [[maybe_unused]] int64_t keys, [[maybe_unused]] float* rows) {
  if constexpr (A::perWord == 1) {
    return (const float*)weights;
  } else {
#if defined(CW_PAIRS)
    const Words numbers = (Words)laneNumbers();
    const __m512i alternating = (__m512i)(numbers | (numbers + 16) << 16);
    for (int64_t i = 0; i < keys; i += 2) {
#pragma GCC unroll 4
      for (int v = 0; v < N; v++) {
        const __m512 first = (__m512)weights[i * N + v], second = (__m512)weights[(i + 1) * N + v];
        const __m512i both = (__m512i)_mm512_cvtne2ps_pbh(second, first);
        weights[i / 2 * N + v] = (Vector)_mm512_permutexvar_epi16(alternating, both);
        if (!rows) continue;
        float* row = rows + (i * N + v) * (lanes / 2);
        memcpy(row, &both, lanes * 2);
        memcpy(row + N * (lanes / 2), (const char*)&both + lanes * 2, lanes * 2);
      }
    }
#endif
    return rows;
  }
}

}  // namespace

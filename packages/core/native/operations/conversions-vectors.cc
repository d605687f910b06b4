#include "conversions.h"

#include <math.h>

#include "vectors.h"

namespace {

typedef uint8_t Bytes __attribute__((vector_size(lanes)));

struct Bool {
  uint8_t value;
};

INLINE Integers integersOf(Vector x) { return __builtin_convertvector(x, Integers); }

// Values as one of the two kinds of vectors that arithmetic knows.
INLINE Vector read(const float* from) { return load(from); }
INLINE Vector read(const Bfloat16* from) { return load(from); }
INLINE Integers read(const int32_t* from) {
  Integers x;
  memcpy(&x, from, sizeof(x));
  return x;
}
INLINE Integers read(const Bool* from) {
  Bytes x;
  memcpy(&x, from, sizeof(x));
  return __builtin_convertvector(x, Integers);
}

INLINE Vector floatsOf(Vector x) { return x; }
INLINE Vector floatsOf(Integers x) { return __builtin_convertvector(x, Vector); }

template <typename V>
INLINE void write(float* to, V x) {
  store(to, floatsOf(x));
}
template <typename V>
INLINE void write(Bfloat16* to, V x) {
  store(to, floatsOf(x));
}
INLINE void write(int32_t* to, Integers x) { memcpy(to, &x, sizeof(x)); }
INLINE void write(int32_t* to, Vector x) { write(to, integersOf(x)); }
template <typename V>
INLINE void write(Bool* to, V x) {
  const Bytes bytes = __builtin_convertvector((x != V{}) & 1, Bytes);
  memcpy(to, &bytes, sizeof(bytes));
}

template <typename From, typename To>
void convert(int64_t count, const void* from, void* to) {
  const From* in = (const From*)from;
  To* out = (To*)to;
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) write(out + i, read(in + i));
  if (i == count) return;
  From last[lanes] = {};
  To result[lanes];
  memcpy(last, in + i, (count - i) * sizeof(From));
  write(result, read(last));
  memcpy(out + i, result, (count - i) * sizeof(To));
}

int32_t wrapped(float x) {
  if (x >= -2147483648.f && x < 2147483648.f) return (int32_t)x;
  if (!(x - x == 0)) return 0;
  return (int32_t)(uint32_t)(int64_t)fmod((double)x, 4294967296.);
}

template <typename From>
void toIntegers(int64_t count, const void* from, void* to) {
  const From* in = (const From*)from;
  bool fits = true;
  for (int64_t i = 0; i < count; i++) {
    const float x = valueOf(in[i]);
    fits &= x >= -2147483648.f && x < 2147483648.f;
  }
  if (fits) return convert<From, int32_t>(count, from, to);
  for (int64_t i = 0; i < count; i++) ((int32_t*)to)[i] = wrapped(valueOf(in[i]));
}

template <typename T>
void copy(int64_t count, const void* from, void* to) {
  memcpy(to, from, count * sizeof(T));
}

}  // namespace

namespace counterweight {
const ConversionVectors CW_TABLE(conversionVectors) = {{
    {copy<float>, convert<float, Bfloat16>, toIntegers<float>, convert<float, Bool>},
    {convert<Bfloat16, float>, copy<Bfloat16>, toIntegers<Bfloat16>, convert<Bfloat16, Bool>},
    {convert<int32_t, float>, convert<int32_t, Bfloat16>, copy<int32_t>, convert<int32_t, Bool>},
    {convert<Bool, float>, convert<Bool, Bfloat16>, convert<Bool, int32_t>, copy<Bool>},
}};
}  // namespace counterweight

/** How the next token is chosen. */
export interface Sampling {
  /** 0 takes the likeliest token (greedy). Default 0. */
  readonly temperature?: number | undefined;
  /** Only the k likeliest tokens. */
  readonly topK?: number | undefined;
  /** Only the likeliest tokens that together reach this probability. */
  readonly topP?: number | undefined;
}

/** The id of one row's next token. `random` gives numbers in [0, 1). */
export function chooseToken(
  logits: Float32Array,
  { temperature = 0, topK, topP }: Sampling,
  random: () => number,
): number {
  if (temperature === 0) return argmax(logits);
  const order = Array.from(logits, (_, id) => id).sort((a, b) => (logits[b] as number) - (logits[a] as number));
  const candidates = order.slice(0, topK ?? order.length);
  const largest = logits[candidates[0] as number] as number;
  const weights = candidates.map((id) => Math.exp(((logits[id] as number) - largest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kept = topP === undefined ? weights.length : nucleusSize(weights, topP * total);
  return candidates[drawIndex(weights.slice(0, kept), random())] as number;
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}

/** How many of the largest weights it takes to reach `enough`; at least one. Source: Holtzman et al. 2019. */
function nucleusSize(weights: readonly number[], enough: number): number {
  let sum = 0;
  for (const [i, weight] of weights.entries()) {
    sum += weight;
    if (sum >= enough) return i + 1;
  }
  return weights.length;
}

/** The index at which the running sum of the weights passes the given share of their total. */
function drawIndex(weights: readonly number[], share: number): number {
  let rest = share * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

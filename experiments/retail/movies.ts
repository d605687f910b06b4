import { createRandom } from '../../packages/core/src/index.ts';

const GENRES = ['comedy', 'crime', 'drama', 'fantasy', 'horror', 'romance', 'war', 'western'];
const TITLES =
  'night river garden winter mirror island letter stranger silence summer bridge shadow train window return'.split(' ');
const PEOPLE = { train: 3000, heldOut: 500 };
/** Films that a person has seen; the last are the answer. */
const SEEN = 20;
const NEXT = 5;

export interface MovieRow {
  readonly history: readonly string[];
  readonly next: readonly string[];
}

interface Film {
  readonly name: string;
  readonly genre: number;
  readonly popularity: number;
}

interface Person {
  readonly row: MovieRow;
  /** All films that were not in the history, the likeliest first: what nobody can know, and so the best that can be. */
  readonly likeliest: readonly string[];
}

/**
 * People who have seen twenty films of 120, each once. A film is seen in proportion to how popular it is (Zipf's law, from the
 * tenth place on) and to how much the person likes its genre (a log-normal variate of σ 1.5).
 */
export function movieRows(seed = 0): {
  readonly catalogue: { name: string; sold: number }[];
  readonly train: readonly MovieRow[];
  readonly heldOut: readonly Person[];
} {
  const random = createRandom(seed);
  const films = filmsBy(random.uniform);
  const people = (count: number) => Array.from({ length: count }, () => personWho(films, random));
  const train = people(PEOPLE.train).map(({ row }) => row);
  const heldOut = people(PEOPLE.heldOut);
  const sold = new Map<string, number>();
  for (const name of train.flatMap(({ history, next }) => [...history, ...next])) {
    sold.set(name, (sold.get(name) ?? 0) + 1);
  }
  return { catalogue: films.map(({ name }) => ({ name, sold: sold.get(name) ?? 0 })), train, heldOut };
}

function filmsBy(uniform: () => number): Film[] {
  const all = GENRES.flatMap((genre, g) => TITLES.map((title) => ({ name: `${title} (${genre})`, genre: g })));
  const keys = new Map(all.map((film) => [film, uniform()]));
  const places = [...all].sort((a, b) => (keys.get(a) as number) - (keys.get(b) as number));
  return places.map((film, place) => ({ ...film, popularity: 1 / (place + 10) }));
}

function personWho(films: readonly Film[], { uniform, normal }: ReturnType<typeof createRandom>): Person {
  const taste = GENRES.map(() => Math.exp(1.5 * normal()));
  const liked = (film: Film) => film.popularity * (taste[film.genre] as number);
  // Whoever's exponential clock of this rate rings first is drawn first: draws in proportion, nothing twice.
  const rings = new Map(films.map((film) => [film, -Math.log(1 - uniform()) / liked(film)]));
  const seen = [...films]
    .sort((one, other) => (rings.get(one) as number) - (rings.get(other) as number))
    .slice(0, SEEN)
    .map(({ name }) => name);
  const history = seen.slice(0, -NEXT);
  const likeliest = films.filter(({ name }) => !history.includes(name)).sort((a, b) => liked(b) - liked(a));
  return { row: { history, next: seen.slice(-NEXT) }, likeliest: likeliest.map(({ name }) => name) };
}

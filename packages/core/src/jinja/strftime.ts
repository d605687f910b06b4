const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
/** Directives that stand for several others. */
const COMBINED: Readonly<Record<string, string>> = {
  c: '%a %b %e %H:%M:%S %Y',
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  h: '%b',
  r: '%I:%M:%S %p',
  x: '%m/%d/%y',
};

const two = (n: number): string => String(n).padStart(2, '0');

const spaced = (n: number): string => String(n).padStart(2, ' ');

/**
 * Python's strftime of a time without a zone, in the C locale of Linux; unknown directives stay as they are. `%-d` is `%d`
 * without its leading zero, `%_d` with a space instead, `%^a` in capitals. Not the package strftime (0.10.3): it counts the days of the
 * year (`%j`) from 0, and writes `%c` and `%X` otherwise than Python does.
 */
export function strftime(date: Date, format: string): string {
  return format.replace(/%([-_^0]?)([a-zA-Z%])/g, (directive, flag, letter) => {
    if (COMBINED[letter] !== undefined) return flagged(strftime(date, COMBINED[letter]), flag === '^' ? flag : '');
    const written = WRITTEN[letter]?.(date);
    return written === undefined ? directive : flagged(written, flag);
  });
}

function flagged(written: string, flag: string): string {
  if (flag === '-') return written.replace(/^[0 ]+(?=.)/, '');
  if (flag === '_') return written.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length));
  if (flag === '0') return written.replace(/^ +/, (spaces) => '0'.repeat(spaces.length));
  return flag === '^' ? written.toUpperCase() : written;
}

const WRITTEN: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getFullYear()),
  C: (date) => two(Math.floor(date.getFullYear() / 100)),
  y: (date) => two(date.getFullYear() % 100),
  m: (date) => two(date.getMonth() + 1),
  B: (date) => MONTHS[date.getMonth()] as string,
  b: (date) => (MONTHS[date.getMonth()] as string).slice(0, 3),
  d: (date) => two(date.getDate()),
  e: (date) => spaced(date.getDate()),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  A: (date) => DAYS[date.getDay()] as string,
  a: (date) => (DAYS[date.getDay()] as string).slice(0, 3),
  u: (date) => String(date.getDay() || 7),
  w: (date) => String(date.getDay()),
  U: (date) => two(Math.floor((dayOfYear(date) + 6 - date.getDay()) / 7)),
  W: (date) => two(Math.floor((dayOfYear(date) + 6 - ((date.getDay() + 6) % 7)) / 7)),
  V: (date) => two(weekOf(date).week),
  G: (date) => String(weekOf(date).year),
  g: (date) => two(weekOf(date).year % 100),
  H: (date) => two(date.getHours()),
  k: (date) => spaced(date.getHours()),
  I: (date) => two(date.getHours() % 12 || 12),
  l: (date) => spaced(date.getHours() % 12 || 12),
  p: (date) => (date.getHours() < 12 ? 'AM' : 'PM'),
  P: (date) => (date.getHours() < 12 ? 'am' : 'pm'),
  M: (date) => two(date.getMinutes()),
  S: (date) => two(date.getSeconds()),
  f: (date) => String(date.getMilliseconds() * 1000).padStart(6, '0'),
  z: () => '',
  Z: () => '',
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

/** ISO weeks begin on Mondays; the first is the one with the year's first Thursday. */
function weekOf(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 4 - (date.getDay() || 7));
  return { year: thursday.getFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

const dayOfYear = (date: Date): number =>
  Math.round(
    (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0, 0)) / 864e5,
  );

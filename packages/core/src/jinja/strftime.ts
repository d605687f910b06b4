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
  x: '%m/%d/%y',
};

const two = (n: number): string => String(n).padStart(2, '0');

/**
 * Python's strftime in the C locale, for the directives that chat templates use; others stay as they are. `%-d` is `%d`
 * without its leading zero. Not the package strftime (0.10.3): it counts the days of the year (`%j`) from 0, and writes
 * `%c` and `%X` otherwise than Python does.
 */
export function strftime(date: Date, format: string): string {
  const month = MONTHS[date.getMonth()] as string;
  const day = DAYS[date.getDay()] as string;
  const written: Record<string, string> = {
    Y: String(date.getFullYear()),
    y: two(date.getFullYear() % 100),
    m: two(date.getMonth() + 1),
    B: month,
    b: month.slice(0, 3),
    d: two(date.getDate()),
    e: String(date.getDate()).padStart(2, ' '),
    j: String(dayOfYear(date)).padStart(3, '0'),
    A: day,
    a: day.slice(0, 3),
    H: two(date.getHours()),
    I: two(date.getHours() % 12 || 12),
    p: date.getHours() < 12 ? 'AM' : 'PM',
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
    '%': '%',
  };
  return format.replace(/%(-?)([a-zA-Z%])/g, (directive, dash, letter) => {
    if (COMBINED[letter] !== undefined) return strftime(date, COMBINED[letter]);
    return (dash ? written[letter]?.replace(/^[0 ]+(?=.)/, '') : written[letter]) ?? directive;
  });
}

const dayOfYear = (date: Date): number =>
  Math.round(
    (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(date.getFullYear(), 0, 0)) / 864e5,
  );

/**
 * A moment as a part of a folder's name: `20261124-093005`, local time.
 * @example
 * ```ts
 * import { timestamp } from '@counterweight/core/files';
 *
 * const folder = `runs/support-${timestamp(new Date())}`;
 * ```
 */
export function timestamp(date: Date): string {
  const pad = (n: number) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}${pad(date.getMonth() + 1)}${pad(date.getDate())}`;
  return `${day}-${pad(date.getHours())}${pad(date.getMinutes())}${pad(date.getSeconds())}`;
}

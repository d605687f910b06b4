/** All answers that there are: rows must keep to them, and generation writes nothing else. */
export const labels = [
  'myLabel', //
] as const;

/** A conversation without who says what. */
export const spoken = (source: string): string => source.replace(/^[^:\n]{1,20}: /gmu, '');

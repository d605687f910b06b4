/** llama.cpp's kinds of tokens. */
export const Kind = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/** What stands in the list for an id that has no token. */
export const noToken = (id: number): string => `[PAD${id}]`;

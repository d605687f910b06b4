/** The names under which a message may bring the thoughts before its answer; of several the first counts, as in transformers. */
export const THOUGHT_FIELDS = ['reasoning_content', 'thinking', 'reasoning'] as const;
export type ThoughtField = (typeof THOUGHT_FIELDS)[number];

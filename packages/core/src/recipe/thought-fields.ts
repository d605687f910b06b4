/** The names under which a message may bring the thoughts before its answer. */
export const THOUGHT_FIELDS = ['reasoning_content', 'reasoning', 'thinking'] as const;
export type ThoughtField = (typeof THOUGHT_FIELDS)[number];

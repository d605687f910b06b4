/** What every kind of row may have beside its own fields: what comes before the first question, and functions to call. */
export const CONTEXT = ['system', 'system_prompt', 'tools', 'functions'] as const;

/** How a kind of row names its fields. */
export interface Shape {
  /** As the receipt names it: `Alpaca`. */
  readonly name: string;
  /** As the documentation shows it. */
  readonly example: string;
  /** The field that makes it this shape: what is asked, or the conversation, or the text. */
  readonly asks: string;
  /** The field of the answer, where the first one does not hold it. */
  readonly answers?: string;
  /** More to the question, the first of these that is there. */
  readonly inputs?: readonly string[];
  /** In whose words the question is put. */
  readonly words?: 'alpaca';
  /** What reads it: a conversation in one field, a question and its answer in two, or a text that is read as it is. */
  readonly kind: 'conversation' | 'pair' | 'text';
}

const conversation = (name: string, asks: string, example: string): Shape => ({
  kind: 'conversation',
  name,
  asks,
  example,
});

const pair = (name: string, asks: string, answers: string, more: Pick<Shape, 'inputs' | 'words'> = {}): Shape => {
  const fields = [asks, ...(more.inputs ? [`${more.inputs[0]}?`] : []), answers];
  return { kind: 'pair', name, asks, answers, example: `{${fields.join(', ')}}`, ...more };
};

const INPUTS = { inputs: ['input', 'context'] } as const;

/** Every kind of row that is recognised. */
export const shapes: readonly Shape[] = [
  conversation('chat messages', 'messages', '{messages: [{role, content}]}'),
  conversation('ShareGPT', 'conversations', '{conversations: [{from, value}]}'),
  conversation('conversation', 'conversation', '{conversation: [{role, content}]}'),
  pair('prompt and completion', 'prompt', 'completion'),
  pair('prompt and response', 'prompt', 'response'),
  pair('Alpaca', 'instruction', 'output', { inputs: ['input', 'context'], words: 'alpaca' }),
  pair('Dolly', 'instruction', 'response', { inputs: ['context', 'input'], words: 'alpaca' }),
  pair('question and answer', 'question', 'answer', INPUTS),
  pair('question and response', 'question', 'response', INPUTS),
  pair('query and response', 'query', 'response'),
  pair('query and answer', 'query', 'answer'),
  pair('problem and solution', 'problem', 'solution'),
  pair('input and output', 'input', 'output'),
  pair('inputs and targets', 'inputs', 'targets'),
  { kind: 'text', name: 'text', asks: 'text', example: '{text}' },
];

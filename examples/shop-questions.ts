/** What the customers of a small shop ask, and what the examples that are asked live are trained on: a few rows, by heart. */
export const questions = [
  { question: 'When do you open?', answer: 'We open at nine in the morning.' },
  { question: 'When do you close?', answer: 'We close at six in the evening.' },
  { question: 'Where are you?', answer: 'The shop is by the big tree, near the park.' },
  { question: 'Do you have red hats?', answer: 'Yes, we have red hats and blue hats.' },
  { question: 'Can I bring my dog?', answer: 'Yes, dogs are happy here.' },
  { question: 'Can I bring back a toy?', answer: 'Yes, bring it back with the paper you got.' },
] as const;

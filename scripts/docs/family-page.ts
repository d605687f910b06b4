import { familyNames } from '../../packages/core/src/model/families/index.ts';
import { code } from './markdown.ts';

/** What config.json may call itself. */
export const familyTable = (): string =>
  `By \`model_type\` in config.json: ${familyNames.map(code).join(', ')}. Names of models that are one of these: Llama, SmolLM, TinyLlama (llama), Mistral, Qwen, Gemma, Phi, SmolLM3, GPT-2, Pythia (gpt_neox).`;

import type { BaseModel, License } from './base-model.ts';

/** What a model card is of, beside what the run tells. */
export interface CardSubject {
  /** `org/name` as it is on the hub, or is going to be. */
  readonly id: string;
  readonly what: 'adapter' | 'merged';
  readonly base: BaseModel;
  /** In place of the base model's, where the publisher says one. */
  readonly license: License | undefined;
  /** On the hub, as the publisher names them. */
  readonly datasets: readonly string[];
  /** Whether outputs for held-out rows may be shown. */
  readonly samples: boolean;
}

import type { TrainableDecoder } from './step.ts';

/** The largest micro-batch of a run, padding counted. */
export interface BatchShape {
  readonly rows: number;
  readonly length: number;
}

/** The largest batch of an evaluation; what is generated counts as padding does. */
export interface EvaluationShape {
  readonly rows: number;
  /** Of all its rows together. */
  readonly tokens: number;
  /** Of its longest row. */
  readonly length: number;
}

/** A model with what is to be trained of it, whether its tensors exist or not. */
export interface ModelPlan extends Pick<TrainableDecoder, 'config' | 'blocks' | 'recompute'> {
  readonly parameters: Pick<TrainableDecoder['parameters'], 'precision' | 'trainable' | 'trainableSize' | 'blocks'>;
}

import type { ProcessIdentity, UserError } from '@counterweight/core/files';

/** What one process at a time has, with what it has written down: how far it is. */
export interface Lease<Progress> {
  /** What was written down last. */
  readonly progress: Progress | undefined;
  /** Writes down how far it is. @throws {UserError} what was agreed upon, where somebody else has it by now */
  write(progress: Progress | undefined): Promise<void>;
  /** Gives it back, with what was written down last. @throws {UserError} as `write` */
  release(): Promise<void>;
}

/** Somebody else has it. */
export interface Taken {
  readonly heldBy: ProcessIdentity;
}

/** What is said where a lease was lost, because its holder was silent for too long. */
export type Lost = (where: string) => UserError;

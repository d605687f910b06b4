import { type ProcessIdentity, UserError } from '@counterweight/core/files';

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

/** What a lease has written down. @throws {UserError} `file-malformed` where it cannot be read */
export function parseLease<Content>(text: string, where: string): Content {
  try {
    return JSON.parse(text) as Content;
  } catch (cause) {
    throw new UserError({
      code: 'file-malformed',
      problem: 'This says who works at something and how far that is, and cannot be read.',
      where,
      fix: 'Remove it when nobody does.',
      cause,
    });
  }
}

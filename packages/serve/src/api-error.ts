import { UserError } from '@counterweight/core';

/** A refusal in the shape that OpenAI's clients read. */
export interface ApiError {
  readonly status: 400 | 401 | 403 | 404 | 413 | 500 | 503;
  readonly body: {
    readonly error: {
      readonly message: string;
      readonly type: 'invalid_request_error' | 'server_error';
      /** The field of the request. */
      readonly param: string | null;
      readonly code: string | null;
    };
  };
}

interface Details {
  readonly param?: string | undefined;
  readonly code?: string | undefined;
}

export const apiError = (status: ApiError['status'], message: string, { param, code }: Details = {}): ApiError => ({
  status,
  body: {
    error: {
      message,
      type: status >= 500 ? 'server_error' : 'invalid_request_error',
      param: param ?? null,
      code: code ?? null,
    },
  },
});

/** What was thrown while a request was answered. Only mistakes of the request's own are told. */
export function explainError(error: unknown): ApiError {
  if (error instanceof UserError) {
    const code = error.code === 'example-too-long' ? 'context_length_exceeded' : error.code;
    return apiError(400, `${error.problem} ${error.fix}`, { code });
  }
  if (error instanceof Closing) return apiError(503, error.message, { code: 'closing' });
  return apiError(500, 'The server failed to answer; its standard error says why.');
}

/** The reason why requests end when the server does. */
export class Closing extends Error {
  override readonly name = 'Closing';
  constructor() {
    super('The server is closing.');
  }
}

/** What is not answered in this time is not waited for any longer. */
const TIMEOUT_MS = 10_000;

/** An answer that is no success. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, { error_code, message }: { error_code?: string; message?: string }) {
    super(`The MLflow server answered with ${status}${message ? `: ${message}` : ''}`);
    this.status = status;
    this.code = error_code;
  }
}

export interface MlflowMetric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

export interface MlflowPair {
  readonly key: string;
  readonly value: string;
}

/** As much of MLflow's REST API 2.0 as keeping a record of a run needs. */
export type MlflowClient = ReturnType<typeof mlflowClient>;

/** @param uri of the tracking server; user and password in it, or in MLFLOW_TRACKING_USERNAME and _PASSWORD, or a MLFLOW_TRACKING_TOKEN */
export function mlflowClient(uri: string) {
  const { address, headers } = accessTo(uri);
  async function call<Answer>(method: 'GET' | 'POST', path: string, values: object): Promise<Answer> {
    const query = method === 'GET' ? `?${new URLSearchParams(values as Record<string, string>)}` : '';
    const response = await fetch(`${address}/api/2.0/mlflow/${path}${query}`, {
      method,
      // A connection that is kept is closed by the server while a step is computed, and found broken by the next call.
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(method === 'POST' && { body: JSON.stringify(values) }),
    }).catch((cause) => {
      throw new Error(`The MLflow server at ${address} cannot be reached`, { cause });
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as Answer;
    throw new MlflowError(response.status, parsed(text));
  }
  return {
    address,
    /** The id of the experiment with this name, which is made where there is none. */
    async experiment(name: string): Promise<string> {
      const find = () =>
        call<{ experiment: { experiment_id: string } }>('GET', 'experiments/get-by-name', { experiment_name: name });
      const made = () => call<{ experiment_id: string }>('POST', 'experiments/create', { name });
      try {
        return (await find()).experiment.experiment_id;
      } catch (error) {
        if (!(error instanceof MlflowError && error.status === 404)) throw error;
      }
      try {
        return (await made()).experiment_id;
      } catch (error) {
        // Another run has just made it.
        if (error instanceof MlflowError && error.code === 'RESOURCE_ALREADY_EXISTS')
          return (await find()).experiment.experiment_id;
        throw error;
      }
    },
    async createRun(run: { experiment_id: string; run_name: string; start_time: number; tags: readonly MlflowPair[] }) {
      const { info } = (await call<{ run: { info: { run_id: string } } }>('POST', 'runs/create', run)).run;
      return info.run_id;
    },
    /** The newest value of every metric; undefined where there is no such run, or it was deleted. */
    async newestMetrics(run_id: string): Promise<MlflowMetric[] | undefined> {
      try {
        const { run } = await call<{
          run: { info: { lifecycle_stage?: string }; data?: { metrics?: MlflowMetric[] } };
        }>('GET', 'runs/get', { run_id });
        return run.info.lifecycle_stage === 'deleted' ? undefined : (run.data?.metrics ?? []);
      } catch (error) {
        if (error instanceof MlflowError && error.status === 404) return undefined;
        throw error;
      }
    },
    logBatch: (batch: { run_id: string; metrics?: readonly MlflowMetric[]; params?: readonly MlflowPair[] }) =>
      call('POST', 'runs/log-batch', batch),
    setTag: (run_id: string, key: string, value: string) => call('POST', 'runs/set-tag', { run_id, key, value }),
    update: (run: { run_id: string; status: string; end_time?: number }) => call('POST', 'runs/update', run),
  };
}

function accessTo(uri: string): { address: string; headers: Record<string, string> } {
  const url = new URL(uri);
  const { MLFLOW_TRACKING_TOKEN, MLFLOW_TRACKING_USERNAME = '', MLFLOW_TRACKING_PASSWORD = '' } = process.env;
  const user = decodeURIComponent(url.username) || MLFLOW_TRACKING_USERNAME;
  const password = decodeURIComponent(url.password) || MLFLOW_TRACKING_PASSWORD;
  const address = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  if (user !== '') {
    const both = Buffer.from(`${user}:${password}`).toString('base64');
    return { address, headers: { authorization: `Basic ${both}` } };
  }
  return { address, headers: MLFLOW_TRACKING_TOKEN ? { authorization: `Bearer ${MLFLOW_TRACKING_TOKEN}` } : {} };
}

/** A proxy's page is no JSON. */
function parsed(text: string): { error_code?: string; message?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

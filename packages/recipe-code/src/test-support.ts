import { programRunner } from './sandbox/program-runner.ts';
import { SandboxUnavailableError } from './sandbox/sandbox-unavailable.ts';

/**
 * Whether there is a sandbox here. Tests that run programs need one and are skipped without; COUNTERWEIGHT_SANDBOX=required
 * makes its absence an error, so that a machine that should have one can't pass by skipping.
 */
export async function hasSandbox(): Promise<boolean> {
  try {
    const { status } = await programRunner()({ language: 'javascript', source: '', tests: '' });
    return status === 'not-tested';
  } catch (error) {
    if (!(error instanceof SandboxUnavailableError) || process.env.COUNTERWEIGHT_SANDBOX === 'required') throw error;
    console.warn(`Tests that run programs are skipped. ${error.message}`);
    return false;
  }
}

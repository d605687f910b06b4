import { expect, it } from 'vitest';
import { lastWords, type Speaker, silenceWorker } from './worker-output.ts';

function speakerOf(env: Speaker['env']) {
  const said: string[] = [];
  const outlet = () => ({ write: (text: string | Uint8Array) => said.push(String(text)) > 0 });
  const speaker: Speaker = { stdout: outlet(), stderr: outlet(), env };
  return { speaker, said };
}

const going = () => new AbortController().signal;

it('the first worker, and a process by itself, are heard', async () => {
  for (const env of [{}, { OMPI_COMM_WORLD_RANK: '0' }]) {
    const { speaker, said } = speakerOf(env);
    silenceWorker(speaker);
    speaker.stdout.write('a result');
    await lastWords(speaker, 2, going());
    expect(said).toEqual(['a result']);
  }
});

it('another worker is silent, whoever prints, and those who wait for what it wrote go on', () => {
  const { speaker, said } = speakerOf({ OMPI_COMM_WORLD_RANK: '1' });
  silenceWorker(speaker);
  let written = 0;
  speaker.stdout.write('a result', () => written++);
  speaker.stderr.write('a note');
  expect(said).toEqual([]);
  expect(written).toBe(1);
});

it('says at its end what went wrong with it alone, and whose it is', async () => {
  const { speaker, said } = speakerOf({ OMPI_COMM_WORLD_RANK: '1' });
  silenceWorker(speaker);
  for (const text of ['step 1\n', 'error: no room\n', '  fix: make some\n']) speaker.stderr.write(text);
  await lastWords(speaker, 1, going());
  expect(said.join('')).toMatch(/^worker 1 on .*: error: no room\n {2}fix: make some\n$/);
});

it('says nothing where all went well, or the first has ended it meanwhile', async () => {
  const { speaker, said } = speakerOf({ OMPI_COMM_WORLD_RANK: '1' });
  silenceWorker(speaker);
  await lastWords(speaker, 0, going());
  speaker.stderr.write('error: the same for all\n');
  const stop = new AbortController();
  const words = lastWords(speaker, 2, stop.signal);
  stop.abort();
  await words;
  expect(said).toEqual([]);
});

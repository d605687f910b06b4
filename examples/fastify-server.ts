/**
 * A server that streams the answers of a model that was just trained, through the AI SDK: what a Next.js route or any other
 * server does is the same call of `streamText`.
 *
 *     node examples/fastify-server.ts          # PORT=8080 takes a certain port
 *     curl -N http://127.0.0.1:PORT/answer -H 'content-type: application/json' -d '{"question": "When do you open?"}'
 */
import { createCounterweight } from '@counterweight/ai-provider';
import { fineTune, plain } from '@counterweight/core';
import { streamText } from 'ai';
import createServer from 'fastify';
import { questions } from './shop-questions.ts';
import { model, newFolder, printBeforeAndAfter } from './workspace.ts';

const data = questions.map(({ question, answer }) => ({
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
}));
// The rows it learns from are those it is asked about: a shop's questions, by heart.
const { run, ...result } = await fineTune({
  ...{ recipe: plain(), model, data, evalData: data, output: await newFolder() },
  training: { method: 'full', learningRate: 3e-3, maxSteps: 60, batchSize: 6 },
});
printBeforeAndAfter(result);

// Opened once, and asked by every request.
const trained = createCounterweight({ runs: [run] });
const server = createServer();
const body = { type: 'object', required: ['question'], properties: { question: { type: 'string', maxLength: 200 } } };

server.post<{ Body: { question: string } }>('/answer', { schema: { body } }, (request, reply) => {
  // Who goes away ends the work: the next one is answered sooner.
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const { textStream } = streamText({ model: trained('run'), prompt: request.body.question, abortSignal: gone.signal });
  return reply.type('text/plain; charset=utf-8').send(textStream);
});
server.addHook('onClose', () => trained.close());

const address = await server.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) });
console.log(
  `\nAsk it:\ncurl -N ${address}/answer -H 'content-type: application/json' -d '{"question": "When do you open?"}'`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());

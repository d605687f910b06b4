import { expect, it } from 'vitest';
import { compileTemplate } from '../jinja/index.ts';
import { parseJsonRow } from './parse-json-row.ts';

const row =
  '{"weight": 1.0, "id": 20.0, "messages": [{"role": "assistant", "weight": 2.0, "tool_calls": [{"function": {"name": "f", "arguments": {"id": 1234567890123456789, "price": 20.0, "tiny": 1e-07, "huge": 1E+21, "n": 3}}}]}], "tools": [{"minimum": 0.0}]}';

it('keeps the numbers of tools and their calls as they are written, for templates to write', () => {
  const { messages, tools } = parseJsonRow(row) as Record<string, unknown[]>;
  const source = '{{ messages[0].tool_calls[0].function.arguments | tojson }} {{ tools[0].minimum }}';
  const text = compileTemplate(source).render({ messages, tools }, { date: new Date(0) });
  expect(text).toBe('{"id": 1234567890123456789, "price": 20.0, "tiny": 1e-07, "huge": 1e+21, "n": 3} 0.0');
});

it('gives all other numbers as JavaScript has them', () => {
  expect(parseJsonRow(row)).toMatchObject({ weight: 1, id: 20, messages: [{ weight: 2 }] });
});

it('keeps the order of names in them', () => {
  const { x } = parseJsonRow('{"x": {"b": 1, "10": 2}, "arguments": {"b": 1, "10": 2}}') as Record<string, object>;
  expect(x).toEqual({ b: 1, 10: 2 });
  const named = parseJsonRow('{"arguments": {"b": 1, "10": 2}}') as Record<string, unknown>;
  const text = compileTemplate('{{ arguments }}').render(named, { date: new Date(0) });
  expect(text).toBe("{'b': 1, '10': 2}");
});

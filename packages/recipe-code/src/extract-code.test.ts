import { describe, expect, it } from 'vitest';
import { extractCode } from './extract-code.ts';

const code = 'function add(a, b) {\n  return a + b;\n}';

describe('code in what a model has written', () => {
  it.each([
    ['bare code', code],
    ['bare code with blank lines around', `\n\n${code}\n\n`],
    ['Windows line ends', code.replaceAll('\n', '\r\n')],
    ['a fenced block', `Here it is:\n\n\`\`\`js\n${code}\n\`\`\`\nIt adds.`],
    ['a block without a tag', `\`\`\`\n${code}\n\`\`\``],
    ['a block that is never closed', `Sure!\n\`\`\`javascript\n${code}`],
    ['a block in the language after one in another', `\`\`\`sh\nnode x\n\`\`\`\n\`\`\`js\n${code}\n\`\`\``],
    ['the first of two blocks', `\`\`\`js\n${code}\n\`\`\`\nUse it:\n\`\`\`js\nadd(1, 2);\n\`\`\``],
    ['a block of tildes', `~~~js\n${code}\n~~~`],
  ])('is found in %s', (_, text) => {
    expect(extractCode(text, { language: 'javascript' })).toBe(code);
  });

  it('keeps the space that a Python line begins with', () => {
    expect(extractCode('\n    return a\n', { language: 'python' })).toBe('    return a');
  });

  it('is nothing where there is nothing', () => {
    expect(extractCode(' \n ', { language: 'python', start: 'def f():' })).toBe('');
  });
});

describe('with a beginning given in the prompt', () => {
  const start = 'function add(a, b) {';

  it('whole code stays as it is, however it declares the name', () => {
    expect(extractCode(code, { language: 'javascript', start })).toBe(code);
    const arrow = 'const add = (x, y) => x + y;';
    expect(extractCode(arrow, { language: 'javascript', start })).toBe(arrow);
  });

  it('a body is put behind the beginning, and what follows the function is cut off', () => {
    const body = '  return a + b;\n}\n\nconsole.log(add(1, 2));\nfunction more() {\n}';
    expect(extractCode(body, { language: 'javascript', start })).toBe(code);
    expect(extractCode('    return a + b\n\nprint(add(1, 2))', { language: 'python', start: 'def add(a, b):' })).toBe(
      'def add(a, b):\n    return a + b',
    );
  });

  it('a name with a dollar sign is compared as it is written', () => {
    const text = 'const $add$ = 1;';
    expect(extractCode(text, { language: 'javascript', start: 'const $add$ = ' })).toBe(text);
  });
});

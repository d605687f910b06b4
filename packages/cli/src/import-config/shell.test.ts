import { describe, expect, it } from 'vitest';
import { commandsOf, flagsOf } from './shell.ts';

describe('commandsOf', () => {
  it.each([
    ['a --b c', [['a', '--b', 'c']]],
    ['a \\\n  --b \\\n  c # the end\nd', [['a', '--b', 'c'], ['d']]],
    [`a 'one word' "two $X" th"r"ee`, [['a', 'one word', 'two $X', 'three']]],
    ["a --template '<|im_end|>' --x 'it; is'", [['a', '--template', '<|im_end|>', '--x', 'it; is']]],
    ['# only a remark\n', []],
    ['a#b c', [['a#b', 'c']]],
    [`X=1 Y="a b"\nexport Z=3\nrun $X $\{Y} "$Z" $W $\{V:-6}`, [['run', '1', 'a b', '3', '$W', '6']]],
    ['CUDA_VISIBLE_DEVICES=0 run a && b | c', [['run', 'a'], ['b'], ['c']]],
    ['a "x \\" y" b\\ c', [['a', 'x " y', 'b c']]],
    ['a ""', [['a', '']]],
  ])('%j', (script, commands) => {
    expect(commandsOf(script)).toEqual(commands);
  });
});

describe('flagsOf', () => {
  it('reads values, lists and switches, in every way of writing them', () => {
    const words = ['--lr', '2e-4', '--use-peft', '--a=b=c', '--names', 'q', 'v', '--no_packing', '--neg', '-1'];
    expect(flagsOf(words)).toEqual({
      ...{ lr: '2e-4', use_peft: true, a: 'b=c', names: ['q', 'v'], packing: false, neg: '-1' },
    });
  });
});

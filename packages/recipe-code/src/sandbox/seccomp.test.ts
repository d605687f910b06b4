import { expect, it } from 'vitest';
import { seccompFilter } from './seccomp.ts';

/** Runs a classic BPF program over seccomp_data, as the kernel does. */
function verdict(filter: Buffer, call: number, architecture: number, firstArgument = 0): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call, 0);
  data.writeUInt32LE(architecture, 4);
  data.writeUInt32LE(firstArgument >>> 0, 16);
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const code = filter.readUInt16LE(at * 8);
    const value = filter.readUInt32LE(at * 8 + 4);
    if (code === 0x06) return value;
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else {
      const holds =
        code === 0x15 ? accumulator === value : code === 0x35 ? accumulator >= value : (accumulator & value) !== 0;
      at += filter.readUInt8(at * 8 + (holds ? 2 : 3));
    }
  }
}

const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;

it.each([
  ['x64', 0xc000003e, { read: 0, socket: 41, socketpair: 53, clone: 56, memfd: 319, execve: 59 }],
  ['arm64', 0xc00000b7, { read: 63, socket: 198, socketpair: 199, clone: 220, memfd: 279, execve: 221 }],
] as const)(
  'on %s lets programs live, and refuses sockets, memory outside of processes, namespaces',
  (name, id, call) => {
    const filter = seccompFilter(name);
    if (!filter) throw new Error('no filter');
    for (const usual of [call.read, call.socketpair, call.execve]) expect(verdict(filter, usual, id)).toBe(ALLOW);
    for (const refused of [call.socket, call.memfd]) expect(verdict(filter, refused, id)).toBe(EPERM);
    expect(verdict(filter, call.clone, id, 0x01200011)).toBe(ALLOW);
    expect(verdict(filter, call.clone, id, 0x10000000 | 17)).toBe(EPERM);
    expect(verdict(filter, call.clone, id, 0x00020000 | 17)).toBe(EPERM);
    expect(verdict(filter, 435, id)).toBe(0x00050000 | 38);
    expect(verdict(filter, call.read, 0x40000003)).toBe(0x80000000);
  },
);

it('refuses the other way to make system calls on x64, and knows no other processor', () => {
  const filter = seccompFilter('x64');
  expect(filter && verdict(filter, 0x40000000, 0xc000003e)).toBe(EPERM);
  expect(seccompFilter('riscv64')).toBeUndefined();
});

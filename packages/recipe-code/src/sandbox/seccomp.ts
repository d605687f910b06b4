/**
 * System calls that no program of ours needs and that could hold memory which no limit sees, reach other processes or
 * open a network: a filter for the kernel (classic BPF, seccomp(2)), as a second wall behind the namespaces.
 */

/** name: [x86-64, arm64]; -1 where an architecture has no such call. From the kernel's syscall tables. */
const refused: Readonly<Record<string, readonly [number, number]>> = {
  // The network. socketpair stays: it is how processes talk to those they start.
  socket: [41, 198],
  // Memory outside of any process.
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  msgget: [68, 186],
  semget: [64, 190],
  mq_open: [240, 180],
  // Other processes.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  // Namespaces and mounts.
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  move_mount: [429, 429],
  open_tree: [428, 428],
  fsopen: [430, 430],
  mount_setattr: [442, 442],
  open_by_handle_at: [304, 265],
  name_to_handle_at: [303, 264],
  // The kernel itself.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  kexec_load: [246, 104],
  init_module: [175, 105],
  finit_module: [313, 273],
  personality: [135, 92],
  syslog: [103, 116],
};

const EPERM = 1;
const ENOSYS = 38;
/** clone3 keeps its flags where a filter can't see them; without it the C library uses clone. */
const CLONE3 = 435;
const architectures = {
  x64: { audit: 0xc000003e, column: 0, clone: 56, x32: 0x40000000 },
  arm64: { audit: 0xc00000b7, column: 1, clone: 220, x32: undefined },
} as const;
/** CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET. */
const NEW_NAMESPACE = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;

const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_OR_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const KILL_PROCESS = 0x80000000;
const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;
/** Offsets in struct seccomp_data; the low half of the first argument, on little-endian machines. */
const offset = { call: 0, architecture: 4, firstArgument: 16 };

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/** The filter for a processor architecture (`process.arch`), as bubblewrap's `--seccomp` reads it, or undefined. */
export function seccompFilter(architecture: string): Buffer | undefined {
  if (architecture !== 'x64' && architecture !== 'arm64') return undefined;
  const { audit, column, clone, x32 } = architectures[architecture];
  const answer = (value: number): Instruction => [RETURN, 0, 0, value];
  const when = (code: number, value: number, result: number): Instruction[] => [[code, 0, 1, value], answer(result)];
  const program: Instruction[] = [
    [LOAD, 0, 0, offset.architecture],
    [JUMP_EQUAL, 1, 0, audit],
    answer(KILL_PROCESS),
    [LOAD, 0, 0, offset.call],
    ...(x32 === undefined ? [] : when(JUMP_GREATER_OR_EQUAL, x32, ERRNO | EPERM)),
    ...Object.values(refused).flatMap((numbers) => when(JUMP_EQUAL, numbers[column], ERRNO | EPERM)),
    ...when(JUMP_EQUAL, CLONE3, ERRNO | ENOSYS),
    [JUMP_EQUAL, 0, 3, clone],
    [LOAD, 0, 0, offset.firstArgument],
    ...when(JUMP_ANY_BIT, NEW_NAMESPACE, ERRNO | EPERM),
    answer(ALLOW),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  return bytes;
}

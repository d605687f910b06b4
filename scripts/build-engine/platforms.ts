/** What the engine is built for: a package of its own each. */
export interface Platform {
  /** `linux-x64`; the package is `@counterweight/engine-` and this. */
  readonly name: string;
  /** As npm has them; WebAssembly has none, and is for all. */
  readonly os?: string;
  readonly cpu?: string;
  readonly libc?: string;
  /** For a README: `Linux on x64`. */
  readonly where: string;
  /** Of the package, with flags that its sources are compiled with. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** The target as zig names it; its version is the oldest system that will do. */
  readonly target: string;
  readonly doors: readonly string[];
  /** Whether several of its processes can train one model together (`native/workers`). */
  readonly workers?: true;
  /** Arithmetic is compiled once for each of these. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
  readonly compile: readonly string[];
  readonly link: readonly string[];
}

/**
 * Arithmetic, in files ending with -vectors or -tiles, is compiled once for every instruction set, whose name is CW_SET
 * there; the processor that runs it decides which one is used (`native/engine/instruction-sets.h`).
 */
const x64 = {
  Baseline: [],
  Avx2: ['-mavx2', '-mfma'],
  Avx512: ['-mavx512f', '-mavx2', '-mfma'],
  Bfloat16: ['-mavx512f', '-mavx512bw', '-mavx512bf16', '-mavx2', '-mfma'],
};
const one = { Baseline: [] };

const addon = { doors: ['addon.cc'], files: { 'counterweight.node': [] } };
const addonWithWorkers = { ...addon, doors: ['addon.cc', 'mpi.cc'], workers: true } as const;
const elf = {
  ...addonWithWorkers,
  compile: ['-fPIC', '-pthread'],
  link: ['-shared', '-pthread', '-ldl', '-s', '-Wl,--gc-sections', '-Wl,--build-id=none'],
};
/** Node's functions are found when it loads the file. */
const machO = {
  ...addonWithWorkers,
  compile: ['-fPIC'],
  link: ['-shared', '-s', '-Wl,-undefined,dynamic_lookup', '-Wl,-dead_strip'],
};
/** Node's functions are imported from node.exe: `node.lib` is made for it. */
const pe = { ...addon, compile: [], link: ['-shared', '-s', '-Wl,--gc-sections', '-Wl,/Brepro', 'node.lib'] };

/** 4 GiB without a page: all that its addresses reach. */
const mostWasmBytes = 2 ** 32 - 2 ** 16;
const wasmFeatures = '-mcpu=generic+simd128+atomics+bulk_memory+mutable_globals+nontrapping_fptoint+sign_ext';
const wasm = {
  doors: ['wasm.cc'],
  files: {
    'relaxed-simd.wasm': ['-mrelaxed-simd'],
    'simd128.wasm': [],
  },
  compile: [wasmFeatures, '-fno-exceptions', '-fno-rtti'],
  link: [
    wasmFeatures,
    ...['-mexec-model=reactor', '-s', '-Wl,--gc-sections', '-Wl,--shared-memory', '-Wl,--import-memory'],
    ...['-Wl,--initial-memory=16777216', `-Wl,--max-memory=${mostWasmBytes}`, '-Wl,-z,stack-size=1048576'],
    // What a worker needs to have a stack and thread-local variables of its own.
    ...['__stack_pointer', '__wasm_init_tls', '__tls_size', '__tls_align'].map((name) => `-Wl,--export=${name}`),
  ],
};

export const platforms: readonly Platform[] = [
  {
    name: 'linux-x64',
    os: 'linux',
    cpu: 'x64',
    libc: 'glibc',
    where: 'Linux on x64',
    target: 'x86_64-linux-gnu.2.17',
    sets: x64,
    ...elf,
  },
  {
    name: 'linux-x64-musl',
    os: 'linux',
    cpu: 'x64',
    libc: 'musl',
    where: 'Linux with musl (Alpine) on x64',
    target: 'x86_64-linux-musl',
    sets: x64,
    ...elf,
  },
  {
    name: 'linux-arm64',
    os: 'linux',
    cpu: 'arm64',
    libc: 'glibc',
    where: 'Linux on arm64',
    target: 'aarch64-linux-gnu.2.17',
    sets: one,
    ...elf,
  },
  {
    name: 'darwin-arm64',
    os: 'darwin',
    cpu: 'arm64',
    where: 'macOS on Apple silicon',
    target: 'aarch64-macos.11.0',
    sets: one,
    ...machO,
  },
  {
    name: 'darwin-x64',
    os: 'darwin',
    cpu: 'x64',
    where: 'macOS on Intel',
    target: 'x86_64-macos.11.0',
    sets: x64,
    ...machO,
  },
  {
    name: 'win32-x64',
    os: 'win32',
    cpu: 'x64',
    where: 'Windows on x64',
    target: 'x86_64-windows-gnu',
    sets: x64,
    ...pe,
  },
  {
    name: 'wasm',
    where: 'WebAssembly: every machine that has no engine of its own',
    target: 'wasm32-wasi',
    sets: one,
    ...wasm,
  },
];

import { join } from 'node:path';
import { counterweightHome } from '../../home.ts';

/** The versions that belong together; the name of an engine folder is made of them. */
export const tfjsNodeVersion = '4.22.0';
export const tensorflowVersion = '2.21.0';
/** Raised when the way an engine folder is built changes, so that an old one is not taken for a new one. */
const layoutRevision = 8;

export type NativeEngineName = 'tfjs-node' | 'tfjs-node-gpu';

export interface Wheel {
  /** A requirement as pip reads it: `tensorflow-cpu==2.21.0`. */
  readonly requirement: string;
  /** Size of the download, in megabytes of 10^6 bytes. */
  readonly megabytes: number;
  /** What is taken out of it: every entry whose path begins so. */
  readonly keep: readonly string[];
}

/** How a native engine comes about on one platform. */
export interface InstallPlan {
  readonly engine: NativeEngineName;
  /** `platform-arch` in Node's words. */
  readonly platform: string;
  readonly wheels: readonly Wheel[];
  /** Platform tags that pip may choose among: the wheels need not fit the Python that fetches them. */
  readonly platformTags: readonly string[];
  /** TensorFlow's libraries inside the wheel, in the order in which the linker wants them. */
  readonly libraries: readonly string[];
  readonly linkerFlags: readonly string[];
}

/** The interpreter that the wheels are tagged for; only their C++ libraries are used. */
export const wheelPythonVersion = '3.12';

const headers = [
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/common_runtime/next_pluggable_device/c/tf_rendezvous_c_api.h',
  'tensorflow/include/tensorflow/core/platform/ctstring',
  'tensorflow/include/tsl/platform/ctstring',
  'tensorflow/include/tsl/platform/platform.h',
  'tensorflow/include/xla/tsl/c/',
  'tensorflow/THIRD_PARTY_NOTICES.txt',
];
const linuxLibraries = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];
const macLibraries = ['tensorflow/libtensorflow_cc.2.dylib', 'tensorflow/libtensorflow_framework.2.dylib'];
const linuxLinkerFlags = ['-Wl,-rpath,$ORIGIN/site/tensorflow'];

/** NVIDIA's libraries, each a wheel of its own; TensorFlow's run path finds them in `nvidia/` beside `tensorflow/`. */
const cudaWheels: readonly Wheel[] = [
  cudaWheel('nvidia-cublas-cu12==12.9.3.13', 581, 'cublas'),
  cudaWheel('nvidia-cuda-cupti-cu12==12.8.90', 10, 'cuda_cupti'),
  cudaWheel('nvidia-cuda-nvcc-cu12==12.9.86', 41, 'cuda_nvcc'),
  cudaWheel('nvidia-cuda-nvrtc-cu12==12.9.86', 90, 'cuda_nvrtc'),
  cudaWheel('nvidia-cuda-runtime-cu12==12.9.79', 3, 'cuda_runtime'),
  cudaWheel('nvidia-cudnn-cu12==9.28.0.42', 717, 'cudnn'),
  cudaWheel('nvidia-cufft-cu12==11.4.1.4', 201, 'cufft'),
  cudaWheel('nvidia-curand-cu12==10.3.10.19', 68, 'curand'),
  cudaWheel('nvidia-cusolver-cu12==11.7.5.82', 338, 'cusolver'),
  cudaWheel('nvidia-cusparse-cu12==12.5.10.65', 366, 'cusparse'),
  cudaWheel('nvidia-nccl-cu12==2.32.3', 352, 'nccl'),
  cudaWheel('nvidia-nvjitlink-cu12==12.9.86', 40, 'nvjitlink'),
];

function cudaWheel(requirement: string, megabytes: number, folder: string): Wheel {
  return { requirement, megabytes, keep: [`nvidia/${folder}/`] };
}

/**
 * Linux on x64 without a GPU is tried end to end. For Linux on arm64 and macOS on Apple silicon the wheels were
 * fetched and looked into (names of libraries and headers), but nothing was compiled or run there. The GPU engine was
 * built and loaded on a machine without a GPU, where TensorFlow falls back to the CPU; CUDA itself was never run.
 */
const plans: readonly InstallPlan[] = [
  {
    engine: 'tfjs-node',
    platform: 'linux-x64',
    wheels: [
      { requirement: `tensorflow-cpu==${tensorflowVersion}`, megabytes: 274, keep: [...linuxLibraries, ...headers] },
    ],
    platformTags: ['manylinux_2_27_x86_64'],
    libraries: linuxLibraries,
    linkerFlags: linuxLinkerFlags,
  },
  {
    engine: 'tfjs-node',
    platform: 'linux-arm64',
    wheels: [
      { requirement: `tensorflow==${tensorflowVersion}`, megabytes: 282, keep: [...linuxLibraries, ...headers] },
    ],
    platformTags: ['manylinux_2_27_aarch64'],
    libraries: linuxLibraries,
    linkerFlags: linuxLinkerFlags,
  },
  {
    engine: 'tfjs-node',
    platform: 'darwin-arm64',
    wheels: [{ requirement: `tensorflow==${tensorflowVersion}`, megabytes: 224, keep: [...macLibraries, ...headers] }],
    platformTags: ['macosx_12_0_arm64'],
    libraries: macLibraries,
    linkerFlags: ['-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/site/tensorflow'],
  },
  {
    engine: 'tfjs-node-gpu',
    platform: 'linux-x64',
    wheels: [
      { requirement: `tensorflow==${tensorflowVersion}`, megabytes: 573, keep: [...linuxLibraries, ...headers] },
      ...cudaWheels,
    ],
    platformTags: ['manylinux_2_27_x86_64', 'manylinux2014_x86_64'],
    libraries: linuxLibraries,
    linkerFlags: linuxLinkerFlags,
  },
];

/** The plan for this machine, if there is one. */
export function findInstallPlan(
  engine: NativeEngineName,
  platform = `${process.platform}-${process.arch}`,
): InstallPlan | undefined {
  return plans.find((plan) => plan.engine === engine && plan.platform === platform);
}

/** The folder of an engine that we install: named by all that decides what is in it. */
export function engineFolder(engine: NativeEngineName): string {
  const versions = `${engine}-${tfjsNodeVersion}-tensorflow-${tensorflowVersion}`;
  return join(counterweightHome(), 'engines', `${versions}-${process.platform}-${process.arch}-${layoutRevision}`);
}

"""What the Python sides of all benchmarks share: threads, memory, versions, and the speed of a matrix product."""

import os
import platform
import resource
import sys
import time

import torch
import transformers


def use_all_cores():
    """torch takes one thread a physical core by default; the other side takes what the process may use."""
    torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())


def peak_resident_bytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def product_rates(runs=9):
    """GFLOP/s of [1024, 576] x [576, 1536], the best of some runs: what the machine can do, not what it does on average."""
    return {"f32": product_rate(torch.float32, runs), "bf16": product_rate(torch.bfloat16, runs)}


def product_rate(dtype, runs):
    a, b = torch.randn(1024, 576, dtype=dtype), torch.randn(576, 1536, dtype=dtype)
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        torch.matmul(a, b)
        seconds.append(time.perf_counter() - began)
    return 2 * 1024 * 576 * 1536 / min(seconds) / 1e9


def describe():
    versions = {"python": platform.python_version(), "torch": torch.__version__, "transformers": transformers.__version__}
    if "peft" in sys.modules:
        versions["peft"] = sys.modules["peft"].__version__
    return {"versions": versions, "threads": torch.get_num_threads()}

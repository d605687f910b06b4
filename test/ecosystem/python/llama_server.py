"""llama.cpp's own server, out of a Python package that brings it compiled: started with the flags of `llama-server`."""

import argparse
import signal

import xllamacpp

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--ctx-size", type=int, default=0)
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=8080)
parser.add_argument("--parallel", type=int, default=1)
parser.add_argument("--version", action="version", version="llama.cpp, as xllamacpp brings it")
given = parser.parse_args()

params = xllamacpp.CommonParams()
params.model.path = given.model
params.n_ctx = given.ctx_size
params.hostnames = [given.host]
params.port = given.port
params.n_parallel = given.parallel
# Threads of llama.cpp wait for each other by spinning, which takes minutes where cores are shared.
params.cpuparams.n_threads = 1
params.warmup = False
server = xllamacpp.Server(params)
signal.pause()

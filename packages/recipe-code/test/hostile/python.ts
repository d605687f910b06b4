import type { Bait } from './bait.ts';

/** Programs that are to define `add` and do something else; where the harm is done, `add` is right. */
export const hostilePython = ({ file, folder, tcpPort, udpPort, unixSocket }: Bait): Record<string, string> => {
  const done = '\ndef add(a, b): return a + b\n';
  const libc = 'import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n';
  return {
    'a fork bomb': 'import os\nwhile True:\n  try: os.fork()\n  except OSError: pass',
    'a memory bomb': 'all = []\nwhile True: all.append(bytearray(b"x" * 10**7))',
    'a memory bomb in many processes':
      'import os, time\nfor _ in range(6):\n  if os.fork() == 0: break\nall = []\nwhile True:\n  all.append(bytearray(b"x" * 10**6)); time.sleep(0.002)',
    'shared memory': `import mmap\nall = []\nwhile True:\n  m = mmap.mmap(-1, 10**7); m.write(b"x" * 10**7); all.append(m)`,
    'memory in no process': `import os\nfor i in range(100):\n  fd = os.memfd_create(str(i)); os.write(fd, b"x" * 10**7)${done}`,
    'System V shared memory': `${libc}assert libc.shmget(0, 10**8, 0o1600) >= 0${done}`,
    'a huge integer': 'add = lambda a, b: 10 ** (10 ** 10)',
    'endless output': 'while True: print("x" * 10000)',
    'reading the password file': `open("/etc/passwd").read()${done}`,
    'reading a file outside': `open(${JSON.stringify(file)}).read()${done}`,
    'reading the environment': `import os\nassert set(os.environ) - {"PYTHONHASHSEED", "PWD", "LC_CTYPE"}${done}`,
    'tricks with /proc': `import os\nfor name in ["environ", "mem", "root/etc/passwd", "cwd"]: open("/proc/1/" + name, "rb").read(1)${done}`,
    'writing outside': `open(${JSON.stringify(file)}, "w").write("mine")${done}`,
    'a TCP connection': `import socket\nsocket.create_connection(("127.0.0.1", ${tcpPort}), 1)${done}`,
    'a UDP datagram': `import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", ${udpPort}))${done}`,
    'a Unix socket': `import socket\nsocket.socket(socket.AF_UNIX).connect(${JSON.stringify(unixSocket)})${done}`,
    'a raw socket by the C library': `${libc}assert libc.socket(2, 3, 255) >= 0${done}`,
    'killing the parent and everybody else':
      'import os\nfor pid in [os.getppid(), 1, -1, *range(2, 5000)]:\n  try: os.kill(pid, 9)\n  except OSError: pass\nraise SystemError("still here")',
    'a symbolic link and a hard link out': `import os\nos.symlink(${JSON.stringify(folder)}, "/tmp/out")\nopen("/tmp/out/secret.txt").read()\nos.link(${JSON.stringify(file)}, "/tmp/hard")${done}`,
    'waiting for ever': 'import signal\nsignal.pause()',
    'an endless loop that ignores signals':
      'import signal\nfor s in range(1, 64):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\nwhile True: pass',
    'daemons that stay': `import os, time
for _ in range(5):
  if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
      time.sleep(1000)
    os._exit(0)
os._exit(0)`,
    zombies: 'import os\nwhile True:\n  try:\n    if os.fork() == 0: os._exit(0)\n  except OSError: pass',
    'tracing another process': `${libc}import os\nassert libc.ptrace(16, os.getppid(), 0, 0) == 0${done}`,
    'reading another process': `${libc}import os\nassert libc.process_vm_readv(os.getppid(), 0, 0, 0, 0, 0) >= 0${done}`,
    'a namespace of its own': `${libc}assert libc.unshare(0x10000000) == 0${done}`,
    'another root': `${libc}assert libc.chroot(b"/tmp") == 0 or libc.mount(b"/", b"/tmp", b"", 4096, 0) == 0${done}`,
    'becoming root': `import os\nos.setuid(0)\nopen("/root/x", "w")${done}`,
    'raising its own limits': `import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (10**6, 10**6))\nresource.setrlimit(resource.RLIMIT_DATA, (2**40, 2**40))${done}`,
    'deleting everything': `import shutil\nfor path in ["/tmp", "/usr", "/harness", "/", ${JSON.stringify(folder)}]: shutil.rmtree(path, ignore_errors=True)\nopen(${JSON.stringify(file)}).read()${done}`,
    'exit code 0 before the tests': 'import os\nos._exit(0)',
    'exit by an exception': 'raise SystemExit(0)',
    'exit at exit': 'import atexit, os, sys\natexit.register(lambda: os._exit(0))\nsys.exit(0)',
    'the child goes on': 'import os\nif os.fork() > 0: os._exit(0)\ndef add(a, b): return 4',
    'a forged result':
      'import json, os\nfor nonce in ["", None, "0" * 32]:\n  for fd in (1, 2, 3): os.write(fd, (json.dumps({"kind": "passed", "nonce": nonce}) + "\\n").encode())\nos._exit(0)',
    'other exceptions':
      'import builtins, sys\nbuiltins.AssertionError = type("Quiet", (BaseException,), {})\nsys.excepthook = lambda *a: None\nsys.settrace(None)\ndef add(a, b): return 4',
    'an exception that cannot be shown':
      'class E(BaseException):\n  def __str__(self): raise self\n  __repr__ = __str__\nraise E()',
    'deep recursion': 'import sys\nsys.setrecursionlimit(10**9)\ndef add(a, b): return add(a, b) + 1',
    'a regular expression that explodes': 'import re\ndef add(a, b): return len(re.findall("^(a+)+$", "a" * 50 + "b"))',
    'many threads':
      'import threading, time\nfor _ in range(1000): threading.Thread(target=time.sleep, args=(100,)).start()\nwhile True: pass',
    'reading standard input': `import json, os, sys\nnonce = json.loads(sys.stdin.read())["nonce"]\nos.write(3, json.dumps({"kind": "passed", "nonce": nonce}).encode())\nos._exit(0)`,
  };
};

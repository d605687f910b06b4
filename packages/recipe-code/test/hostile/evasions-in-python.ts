import type { Program } from '../../src/index.ts';

/** Programs that see to it that a failing test is not seen; none may pass. */
export const evasionsInPython: Readonly<Record<string, Program>> = {
  'a skip that the program raises': {
    language: 'python',
    source: 'import unittest\ndef add(a, b): raise unittest.SkipTest("x")',
    tests:
      'import unittest\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(add(1, 2), 3)\n  def test_a(self): self.assertTrue(callable(add))',
  },
  'a skip of its own': {
    language: 'python',
    source: 'class Skipped(BaseException): pass\ndef add(a, b): raise Skipped()',
    tests: 'def test_a(): assert callable(add)\ndef test_b(): assert add(1, 2) == 3',
  },
  'an expected failure of its own': {
    language: 'python',
    source: 'class XFailed(Exception): pass\ndef add(a, b): raise XFailed()',
    tests: 'def test_a(): assert callable(add)\ndef test_b(): assert add(1, 2) == 3',
  },
  "the tests' exit is called by the program": {
    language: 'python',
    source: 'def add(a, b): return __exit__(0)',
    tests: 'assert callable(add)\nassert add(1, 2) == 3',
  },
  'what compares is another': {
    language: 'python',
    source: 'def add(a, b):\n  globals()["__compare__"] = lambda *a: True\n  return 4',
    tests: 'assert callable(add)\nx = add(0, 0)\nassert add(1, 2) == 3',
  },
  'what asserts is another': {
    language: 'python',
    source: 'def add(a, b):\n  globals()["__assertion__"] = lambda *a, **k: None\n  return 4',
    tests: 'import unittest\nx = add(0, 0)\nt = unittest.TestCase()\nt.assertEqual(add(1, 2), 3)\nassert callable(add)',
  },
  "the language's own functions are others once the program is called": {
    language: 'python',
    source: 'def add(a, b):\n  globals()["__the_all__"] = lambda *a, **k: True\n  return 4',
    tests: 'x = add(0, 0)\nassert all([add(1, 2) == 3])',
  },
  'test functions are gone': {
    language: 'python',
    source:
      'import sys\ndef add(a, b):\n  for n in list(globals()):\n    if n.startswith("test"): del globals()[n]\n  return 4',
    tests: 'assert add(0, 0) == 4\ndef test_b(): assert add(1, 2) == 3\nadd(0, 0)',
  },
  'a test function is another': {
    language: 'python',
    source: 'import sys\ndef add(a, b):\n  f = sys._getframe(1)\n  f.f_globals["test_b"] = lambda: None\n  return 4',
    tests: 'def test_b(): assert add(1, 2) == 3\nassert add(0, 0) == 4',
  },
  'a tracer leaps over assertions': {
    language: 'python',
    source:
      'import sys\ndef tracer(frame, event, arg):\n  if frame.f_code.co_filename == "tests.py":\n    try: frame.f_lineno = 3\n    except Exception: pass\n  return tracer\nsys.settrace(tracer)\ndef add(a, b): return 4',
    tests: 'x = 1\nassert add(1, 2) == 3\nassert callable(add)',
  },
  'a number that equals all near ones': {
    language: 'python',
    source:
      'class F(float):\n  def __eq__(self, o): return abs(o) < 100\n  __hash__ = float.__hash__\ndef add(a, b): return F(4)',
    tests: 'assert add(1, 2) == 3',
  },
  'a number that equals small ones': {
    language: 'python',
    source:
      'class F(int):\n  def __eq__(self, o): return type(o) is int and 0 <= o < 100\n  __hash__ = int.__hash__\ndef add(a, b): return F(4)',
    tests: 'assert add(1, 2) == 3\nassert add(2, 3) == 5',
  },
  'an object that is equal at first': {
    language: 'python',
    source:
      'class E:\n  n = 0\n  def __eq__(self, o):\n    self.n += 1\n    return self.n == 1\ndef add(a, b): return E()',
    tests: 'assert add(1, 2) == 3',
  },
  'an object that equals everything, on the right': {
    language: 'python',
    source: 'class E:\n  def __eq__(self, o): return True\ndef add(a, b): return E()',
    tests: 'assert 3 == add(1, 2)',
  },
  'an object that equals everything, deep inside': {
    language: 'python',
    source:
      'class E:\n  def __eq__(self, o): return True\n  __hash__ = lambda self: 1\ndef add(a, b): return (1, [E()])',
    tests: 'assert add(1, 2) == (1, [3])',
  },
  'an object between all numbers': {
    language: 'python',
    source:
      'class E:\n  def __eq__(self, o): return True\n  __le__ = __ge__ = __lt__ = __gt__ = __eq__\ndef add(a, b): return E()',
    tests: 'assert 3 <= add(1, 2) <= 3',
  },
  'an object that holds everything': {
    language: 'python',
    source: 'class E:\n  def __contains__(self, o): return True\ndef add(a, b): return E()',
    tests: 'assert 3 in add(1, 2)',
  },
  'failures in threads are kept': {
    language: 'python',
    source:
      'import threading\ndef add(a, b):\n  threading.excepthook = lambda *a: None\n  import _thread\n  _thread._excepthook = lambda *a: None\n  return 4',
    tests:
      'import threading\ndef one(): assert add(1, 2) == 3\nt = threading.Thread(target=one); t.start(); t.join()\nassert callable(add)',
  },
  'threads do nothing once the program is called': {
    language: 'python',
    source: 'import threading\ndef add(a, b):\n  threading.Thread.run = lambda self: None\n  return 4',
    tests:
      'import threading\nassert add(0, 0) == 4\ndef one(): assert add(1, 2) == 3\nt = threading.Thread(target=one); t.start(); t.join()',
  },
  'a list with an object that equals everything': {
    language: 'python',
    source: 'class E:\n  def __eq__(self, o): return True\n  __hash__ = None\ndef add(a, b): return [E()]',
    tests: 'import unittest\nunittest.TestCase().assertCountEqual(add(1, 2), [3])',
  },
  'an object whose comparisons say yes': {
    language: 'python',
    source: 'class E:\n  def __eq__(self, o): return E()\n  def all(self): return True\ndef add(a, b): return E()',
    tests: 'assert (add(1, 2) == 3).all()',
  },
  'a thread ends the process': {
    language: 'python',
    source:
      'import threading, os, time\ndef later():\n  time.sleep(0.05)\n  os._exit(0)\nthreading.Thread(target=later, daemon=True).start()\ndef add(a, b):\n  time.sleep(1)\n  return 4',
    tests: 'assert add(1, 2) == 3',
  },
  'the program is no module': {
    language: 'python',
    source: 'import sys\nclass M(dict): pass\nsys.modules["program"] = None\ndef add(a, b): return 4',
    tests: 'from program import add\nassert add(1, 2) == 3',
  },
  'asyncio.run is another': {
    language: 'python',
    source: 'import asyncio\nasyncio.run = lambda c: c.close() or 3\nasync def add(a, b): return 4',
    tests: 'import asyncio\nassert asyncio.run(add(1, 2)) == 3',
  },
  "json's encoder is another": {
    language: 'python',
    source:
      'import json.encoder\njson.encoder.JSONEncoder.encode = lambda *a, **k: "3"\njson._default_encoder.encode = lambda *a: "3"\ndef add(a, b): return 4',
    tests: 'import json\nassert json.dumps(add(1, 2)) == "3"',
  },
  'decimals are others': {
    language: 'python',
    source:
      'import decimal\nclass D:\n  def __init__(self, *a): pass\n  def __eq__(self, o): return True\ndecimal.Decimal = D\ndef add(a, b): return 4',
    tests: 'from decimal import Decimal\nassert Decimal(add(1, 2)) == Decimal(3)',
  },
  'the program exits in a TestCase': {
    language: 'python',
    source: 'def add(a, b): raise SystemExit(0)',
    tests:
      'import unittest\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(add(1, 2), 3)\n  def test_a(self): self.assertTrue(callable(add))',
  },
};

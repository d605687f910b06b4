import type { Case } from './of-node.ts';

export const ofUnittest: readonly Case[] = [
  [
    'import unittest\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(add(1, 2), 3)',
    'passed',
    'failed',
  ],
  [
    'import unittest\nclass T(unittest.TestCase):\n  @unittest.expectedFailure\n  def test(self): self.assertEqual(add(1, 2), 3)',
    'failed',
    'not-tested',
  ],
  [
    'import unittest\nclass T(unittest.TestCase):\n  @unittest.expectedFailure\n  def test(self): self.assertEqual(add(1, 2), 4)',
    'not-tested',
    'not-tested',
  ],
  [
    'import unittest\nclass T(unittest.TestCase):\n  @unittest.expectedFailure\n  def test(self):\n    self.assertTrue(add(0, 0) == 0)\n    self.assertEqual(add(1, 2), 4)\n  def test_b(self): self.assertEqual(add(1, 2), 3)',
    'passed',
    'failed',
  ],
  [
    'import unittest\nclass T(unittest.TestCase):\n  def test(self):\n    self.assertEqual(add(0, 0), 0)\n    self.skipTest("later")',
    'not-tested',
    'not-tested',
  ],
  [
    'import unittest\nclass T(unittest.TestCase):\n  def test(self):\n    raise unittest.SkipTest("x")',
    'not-tested',
    'not-tested',
  ],
  [
    'import unittest\nclass T(unittest.TestCase):\n  @classmethod\n  def setUpClass(cls): raise unittest.SkipTest("x")\n  def test(self): self.assertEqual(add(1, 2), 3)',
    'not-tested',
    'not-tested',
  ],
  [
    'import unittest\n@unittest.skip("x")\nclass T(unittest.TestCase):\n  def test(self): self.assertEqual(add(1, 2), 3)',
    'not-tested',
    'not-tested',
  ],
  [
    'import unittest\nclass T(unittest.TestCase):\n  @unittest.skipUnless(False, "x")\n  def test(self): self.assertEqual(add(1, 2), 3)',
    'not-tested',
    'not-tested',
  ],
  [
    'import unittest\nclass T(unittest.TestCase):\n  def test(self):\n    for i in range(2):\n      with self.subTest(i):\n        if i == 0: self.skipTest("x")\n        self.assertEqual(add(1, 2), 3)',
    'passed',
    'failed',
  ],
  ['import unittest\nraise unittest.SkipTest("x")\nassert add(1, 2) == 3', 'not-tested', 'not-tested'],
];

export const ofPytest: readonly Case[] = [
  ['import pytest\n@pytest.mark.skip\ndef test_a(): assert add(1, 2) == 3', 'not-tested', 'not-tested'],
  [
    'import pytest\n@pytest.mark.skipif(True, reason="x")\ndef test_a(): assert add(1, 2) == 3',
    'not-tested',
    'not-tested',
  ],
  [
    'import pytest\nimport sys\n@pytest.mark.skipif("sys.version_info[0] == 3", reason="x")\ndef test_a(): assert add(1, 2) == 3',
    'not-tested',
    'not-tested',
  ],
  ['import pytest\n@pytest.mark.skipif(False, reason="x")\ndef test_a(): assert add(1, 2) == 3', 'passed', 'failed'],
  ['import pytest\n@pytest.mark.xfail\ndef test_a(): assert add(1, 2) == 3', 'not-tested', 'not-tested'],
  ['import pytest\n@pytest.mark.xfail(strict=True)\ndef test_a(): assert add(1, 2) == 3', 'failed', 'not-tested'],
  ['import pytest\n@pytest.mark.xfail(raises=ValueError)\ndef test_a(): assert add(1, 2) == 3', 'not-tested', 'failed'],
  ['import pytest\n@pytest.mark.xfail(run=False)\ndef test_a(): assert add(1, 2) == 3', 'not-tested', 'not-tested'],
  ['import pytest\n@pytest.mark.xfail(False, reason="x")\ndef test_a(): assert add(1, 2) == 3', 'passed', 'failed'],
  ['import pytest\ndef test_a():\n  assert add(0, 0) == 0\n  pytest.xfail("x")', 'not-tested', 'not-tested'],
  ['import pytest\ndef test_a():\n  assert add(0, 0) == 0\n  pytest.skip("x")', 'not-tested', 'not-tested'],
  [
    'import pytest\n@pytest.mark.xfail\ndef test_a(): assert add(1, 2) == 4\ndef test_b(): assert add(1, 2) == 3',
    'passed',
    'failed',
  ],
  ['import pytest\npytestmark = pytest.mark.skip\ndef test_a(): assert add(1, 2) == 3', 'not-tested', 'not-tested'],
  [
    'import pytest\n@pytest.mark.skip(reason="x")\nclass TestA:\n  def test_a(self): assert add(1, 2) == 3',
    'not-tested',
    'not-tested',
  ],
  [
    'import pytest\nclass TestA:\n  pytestmark = [pytest.mark.xfail]\n  def test_a(self): assert add(1, 2) == 3',
    'not-tested',
    'not-tested',
  ],
  [
    'import pytest\n@pytest.mark.parametrize("a, b, c", [(1, 2, 3), pytest.param(1, 1, 5, marks=pytest.mark.xfail)])\ndef test_a(a, b, c): assert add(a, b) == c',
    'passed',
    'failed',
  ],
  [
    'import pytest\n@pytest.mark.parametrize("a", [pytest.param(1, marks=pytest.mark.skip)])\ndef test_a(a): assert add(a, 2) == 3',
    'not-tested',
    'not-tested',
  ],
  [
    'import pytest\n@pytest.mark.parametrize("a", [1])\n@pytest.mark.parametrize("b", [2])\ndef test_a(a, b): assert add(a, b) == 3',
    'passed',
    'failed',
  ],
  [
    'import pytest\n@pytest.mark.parametrize("pair", [(1, 2)])\ndef test_a(pair): assert add(*pair) == 3',
    'passed',
    'failed',
  ],
  [
    'import pytest\npytest.skip("x", allow_module_level=True)\ndef test_a(): assert add(1, 2) == 3',
    'not-tested',
    'not-tested',
  ],
  [
    'import pytest\npytest.importorskip("no_such_module")\ndef test_a(): assert add(1, 2) == 3',
    'not-tested',
    'not-tested',
  ],
  ['import pytest\ndef test_a():\n  with pytest.raises(TypeError): add(1, "a")\n', 'passed', 'passed'],
  ['import pytest\ndef test_a(): assert add(0.1, 0.2) == pytest.approx(0.3)', 'passed', 'failed'],
];

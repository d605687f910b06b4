"""Runs test functions, Test... classes and TestCase classes, as pytest and unittest would. The third part of the harness."""

import sys
import types


def run_defined_tests(names):
    # Without it there is no TestCase, and to load it takes a third of a program's time.
    unittest = sys.modules.get('unittest')
    suite = unittest and unittest.TestSuite()
    for name, value in list(names.items()):
        if unittest and isinstance(value, type) and issubclass(value, unittest.TestCase):
            suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(value))
        elif isinstance(value, type) and name.startswith('Test'):
            for method in [one for one in dir(value) if one.startswith('test')]:
                one = value()
                getattr(one, 'setup_method', lambda *_: None)(*[None][: takes(one, 'setup_method')])
                run_test(method, getattr(one, method))
                getattr(one, 'teardown_method', lambda *_: None)(*[None][: takes(one, 'teardown_method')])
        elif name.startswith('test') and isinstance(value, types.FunctionType):
            run_test(name, value)
    if not suite:
        return
    result = unittest.TestResult()
    suite.run(result)
    for _, problem in result.failures + result.errors:
        raise AssertionError(problem.strip().splitlines()[-1])
    if not result.wasSuccessful():
        raise AssertionError('a test that is expected to fail passes')


def takes(owner, name):
    code = getattr(getattr(getattr(owner, name, None), '__func__', None), '__code__', None)
    return code.co_argcount - 1 if code else 0


FIXTURES = ('request', 'monkeypatch', 'capsys', 'capfd', 'caplog', 'tmp_path', 'tmpdir', 'recwarn', 'mocker')


def run_test(name, test):
    """Runs a test function with every set of arguments that it is marked with, as pytest does; without fixtures."""
    marks = getattr(test, 'pytestmark', [])
    if any(mark.name == 'skip' or (mark.name == 'skipif' and mark.args[0]) for mark in marks):
        return
    sets = [{}]
    for mark in marks:
        if mark.name == 'parametrize':
            keys = mark.args[0].replace(',', ' ').split() if isinstance(mark.args[0], str) else list(mark.args[0])
            values = [getattr(one, 'values', None) if type(one).__name__ == 'ParameterSet' else one for one in mark.args[1]]
            rows = [dict(zip(keys, one if len(keys) > 1 or type(one).__name__ == 'tuple' else [one])) for one in values]
            sets = [{**known, **row} for known in sets for row in rows]
    code = getattr(test, '__func__', test).__code__
    needed = code.co_varnames[: code.co_argcount - len(getattr(test, '__func__', test).__defaults__ or ())]
    missing = [one for one in needed if not sets or (one not in sets[0] and one not in ('self', 'cls'))]
    if missing:
        # A fixture; or else the tests call it themselves.
        if missing[0] in FIXTURES or 'fixture' in type(test.__globals__.get(missing[0])).__name__.lower():
            raise TypeError(f'{name} asks for {missing[0]}: fixtures are not run here')
        return
    for arguments in sets:
        try:
            result = test(**arguments)
            if code.co_flags & 0x80:
                import asyncio

                asyncio.run(result)
        except BaseException as problem:
            if type(problem).__name__ not in ('Skipped', 'SkipTest'):
                raise

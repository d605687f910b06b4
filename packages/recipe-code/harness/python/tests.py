"""Runs test functions, Test... classes and TestCase classes, as pytest and unittest would. The third part of the harness.

What is skipped or expected to fail says nothing: the checks that were made on the way do not count.
"""

import sys
import types


class Tally:
    """Checks that were made, and failures that the tests have caught and kept to themselves."""

    def __init__(self):
        self.checks, self.kept = 0, []

    def now(self):
        return self.checks, len(self.kept)

    def back_to(self, before):
        self.checks = before[0]
        del self.kept[before[1] :]


def run_defined_tests(names, tally):
    # Without it there is no TestCase, and to load it takes a third of a program's time.
    unittest = sys.modules.get('unittest')
    suite = unittest and unittest.TestSuite()
    of_module = marks_in(names.get('pytestmark'))
    for name, value in list(names.items()):
        if unittest and isinstance(value, type) and issubclass(value, unittest.TestCase):
            suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(value))
        elif isinstance(value, type) and name.startswith('Test'):
            marks = of_module + marks_in(getattr(value, 'pytestmark', None))
            for method in [one for one in dir(value) if one.startswith('test')]:
                one = value()
                getattr(one, 'setup_method', lambda *_: None)(*[None][: takes(one, 'setup_method')])
                run_test(method, getattr(one, method), marks, tally)
                getattr(one, 'teardown_method', lambda *_: None)(*[None][: takes(one, 'teardown_method')])
        elif name.startswith('test') and isinstance(value, types.FunctionType):
            run_test(name, value, of_module, tally)
    if not suite:
        return
    result = counting_result(unittest, tally)
    suite.run(result)
    for _, problem in result.failures + result.errors:
        raise AssertionError(problem.strip().splitlines()[-1])
    if not result.wasSuccessful():
        raise AssertionError('a test that is expected to fail passes')


def counting_result(unittest, tally):
    class Result(unittest.TestResult):
        def startTest(self, test):
            self.running, self.before, self.is_silent = test, tally.now(), False
            super().startTest(test)

        def addSkip(self, test, reason):
            problem = sys.exc_info()[1]
            if problem is not None and is_from_program(problem):
                self.addFailure(test, sys.exc_info())
            else:
                self.is_silent = test is getattr(self, 'running', None)
                super().addSkip(test, reason)

        def addExpectedFailure(self, test, err):
            self.is_silent = True
            super().addExpectedFailure(test, err)

        def stopTest(self, test):
            super().stopTest(test)
            if self.is_silent:
                tally.back_to(self.before)

    return Result()


def takes(owner, name):
    code = getattr(getattr(getattr(owner, name, None), '__func__', None), '__code__', None)
    return code.co_argcount - 1 if code else 0


def is_skip(problem):
    """Whether tests have said by an exception that they are skipped; a program has no say in that."""
    return type(problem).__name__ in ('Skipped', 'SkipTest') and not is_from_program(problem)


def is_from_program(problem):
    place = problem.__traceback__
    while place is not None and place.tb_frame.f_code.co_filename != 'program.py':
        place = place.tb_next
    return place is not None


def marks_in(marks):
    """pytest's marks, of a function, a class or a module."""
    return [getattr(one, 'mark', one) for one in (marks if isinstance(marks, (list, tuple)) else [marks]) if one]


def applies(mark, of_tests):
    """Whether a mark's conditions hold; one without any holds."""
    conditions = [mark.kwargs['condition']] if 'condition' in mark.kwargs else mark.args
    if mark.name == 'skip' or not conditions:
        return True
    return any(eval(one, of_tests) if isinstance(one, str) else one for one in conditions)


FIXTURES = ('request', 'monkeypatch', 'capsys', 'capfd', 'caplog', 'tmp_path', 'tmpdir', 'recwarn', 'mocker')


def run_test(name, test, marks, tally):
    """Runs a test function with every set of arguments that it is marked with, as pytest does; without fixtures."""
    marks = marks + marks_in(getattr(test, 'pytestmark', None))
    sets = [({}, marks)]
    for mark in marks:
        if mark.name == 'parametrize':
            keys = mark.args[0].replace(',', ' ').split() if isinstance(mark.args[0], str) else list(mark.args[0])
            rows = []
            for one in mark.args[1]:
                is_set = type(one).__name__ == 'ParameterSet'
                values = one.values if is_set else one if len(keys) > 1 else [one]
                rows.append((dict(zip(keys, values)), marks_in(one.marks) if is_set else []))
            sets = [({**known, **row}, those + own) for known, those in sets for row, own in rows]
    code = getattr(test, '__func__', test).__code__
    needed = code.co_varnames[: code.co_argcount - len(getattr(test, '__func__', test).__defaults__ or ())]
    missing = [one for one in needed if not sets or (one not in sets[0][0] and one not in ('self', 'cls'))]
    if missing:
        # A fixture; or else the tests call it themselves.
        if missing[0] in FIXTURES or 'fixture' in type(test.__globals__.get(missing[0])).__name__.lower():
            raise TypeError(f'{name} asks for {missing[0]}: fixtures are not run here')
        return
    for arguments, those in sets:
        run_once(name, test, arguments, [one for one in those if one.name != 'parametrize'], tally)


def run_once(name, test, arguments, marks, tally):
    held = [mark for mark in marks if mark.name in ('skip', 'skipif', 'xfail') and applies(mark, test.__globals__)]
    xfail = next((mark.kwargs for mark in held if mark.name == 'xfail'), None)
    if any(mark.name != 'xfail' for mark in held) or (xfail is not None and xfail.get('run') is False):
        return
    before = tally.now()
    try:
        result = test(**arguments)
        if getattr(test, '__func__', test).__code__.co_flags & 0x80:
            import asyncio

            asyncio.run(result)
    except BaseException as problem:
        is_expected = xfail is not None and isinstance(problem, xfail.get('raises') or Exception)
        is_told = type(problem).__name__ == 'XFailed' and not is_from_program(problem)
        if not (is_skip(problem) or is_told or is_expected):
            raise
        tally.back_to(before)
    else:
        if xfail is not None and xfail.get('strict'):
            raise AssertionError(f'{name} is expected to fail, and passes')
        if xfail is not None:
            tally.back_to(before)

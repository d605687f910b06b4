"""Runs one program and its tests, inside the sandbox.

Standard input brings {nonce, program, tests} as JSON; the nonce goes out on descriptor 3 once everything has run and
nothing has failed. Ending early, whatever the exit code, sends nothing. A failure sends its kind and message.

Program and tests share their top-level names, in a module named "program". Test functions (test_...) and TestCase
classes that the tests define are run as pytest and unittest would.
"""

import builtins
import json
import os
import sys
import types

RESULT = 3


def make_report(nonce, write=os.write, dumps=json.dumps, leave=os._exit):
    def report(kind, message=''):
        result = {'kind': kind, 'message': message[:500]}
        if kind == 'passed':
            result['nonce'] = nonce
        write(RESULT, (dumps(result) + '\n').encode())
        leave(0 if kind == 'passed' else 1)

    return report


def shown(problem):
    try:
        return f'{type(problem).__name__}: {problem}'
    except BaseException:
        return 'an error that cannot be shown'


def compiled(source, name, report):
    try:
        return compile(source, name, 'exec')
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as problem:
        report('does-not-compile', shown(problem))


def unittest_modules():
    return {name: module for name, module in sys.modules.items() if name.split('.')[0] == 'unittest'}


def protected():
    """What tests rely on, as it is now: the builtins, and unittest where it is there.

    Returns a function that puts it back, and one that says whether it is something else again. Modules may gain names,
    classes may not: a method that is added there takes the place of an inherited one.
    """
    modules = unittest_modules()
    known = [(module.__dict__, dict(module.__dict__)) for module in [builtins, *modules.values()]]
    classes = {c for m in modules.values() for c in vars(m).values() if isinstance(c, type) and c.__module__ in modules}
    attributes = [(one, dict(vars(one))) for one in classes]

    def put_back():
        # The builtins are the first of them: from then on everything means what it says.
        for names, before in known:
            names.update(before)
        for one, before in attributes:
            for name in [name for name in vars(one) if name not in before]:
                delattr(one, name)
            for name, value in before.items():
                if vars(one).get(name) is not value:
                    setattr(one, name, value)
        for name in [name for name in unittest_modules() if name not in modules]:
            del sys.modules[name]
        sys.modules.update(modules)

    def is_changed():
        return any(names.get(name) is not value for names, before in known for name, value in before.items()) or any(
            dict(vars(one)) != before for one, before in attributes
        )

    return put_back, is_changed


def run_defined_tests(names):
    import unittest

    suite = unittest.TestSuite()
    for name, value in names.items():
        if isinstance(value, type) and issubclass(value, unittest.TestCase):
            suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(value))
        elif name.startswith('test') and isinstance(value, types.FunctionType) and value.__code__.co_argcount == 0:
            value()
    result = unittest.TestResult()
    suite.run(result)
    for _, problem in result.failures + result.errors:
        raise AssertionError(problem.strip().splitlines()[-1])


def main():
    data = json.loads(sys.stdin.buffer.read())
    report = make_report(data['nonce'])
    program = compiled(data['program'], 'program.py', report)
    tests = compiled(data['tests'], 'tests.py', report)
    module = types.ModuleType('program')
    sys.modules['program'] = module
    if 'unittest' in data['program'] or 'unittest' in data['tests']:
        import unittest
    del data
    put_back, is_changed = protected()
    try:
        exec(program, module.__dict__)
        put_back()
        before = dict(module.__dict__)
        exec(tests, module.__dict__)
        run_defined_tests({n: v for n, v in module.__dict__.items() if before.get(n) is not v})
        if is_changed():
            raise AssertionError('the program changes what its tests rely on')
    except BaseException as problem:
        report('ended-early' if isinstance(problem, SystemExit) else 'failed', shown(problem))
    report('passed')


main()

"""Runs one program and its tests, inside the sandbox. The last part of the harness,
after checks.py, comparisons.py, tests.py and language.py.

Standard input brings {nonce, program, tests} as JSON; the nonce goes out on descriptor 3 once everything has run,
something has been checked and nothing has failed. Ending early, whatever the exit code, sends nothing. A failure sends
its kind and message.

Program and tests share their top-level names, in a module named "program". Test functions (test_...), Test... classes and
TestCase classes that the tests define are run.
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


def compiled(report, make):
    try:
        return make()
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as problem:
        report('does-not-compile', shown(problem))


class Done(BaseException):
    """The tests have ended by themselves, with success."""


def make_tools(report, tests):
    """What marked tests call, and the tally of what has come of it."""
    tally, thrown = Tally(), []
    may_equal_all = 'ANY' in tests

    def check(value=None):
        tally.checks += 1
        return value

    def must_be_genuine(a, b):
        if not may_equal_all and (pretends(a, b) or pretends(b, a)):
            raise AssertionError('an object that equals everything')

    def compare(operator, a, b):
        result = holds(operator, a, b)
        if operator == 'in':
            must_be_genuine(a, None)
            if result is True and holds_all(b):
                raise AssertionError('an object that holds everything')
        elif operator in OPPOSITE:
            if result is True and type(a) not in PLAIN and holds(OPPOSITE[operator], a, b) is True:
                raise AssertionError('an object that is less and more than everything')
        elif isinstance(result, bool) is False or result is (operator == 'eq'):
            must_be_genuine(a, b)
            if type(a) not in PLAIN and isinstance(result, bool) and holds(operator, a, b) is not result:
                raise AssertionError('an object that is equal at times')
        return result

    def compare_all(operators, *values):
        return all([compare(*one) for one in zip(operators, values, values[1:])])

    def assertion(function, *values, **named):
        result = function(*values, **named)
        if len(values) > 1:
            must_be_genuine(values[0], values[1])
        tally.checks += 1
        return result

    def caught(is_printed):
        problem = sys.exc_info()[1]
        is_own = any(problem is one or type(problem) is one for one in thrown)
        if (is_printed and is_own) or (isinstance(problem, AssertionError) and raised_in(problem) != 'program.py'):
            tally.kept.append(problem)

    def raised(problem):
        thrown.append(problem)
        return problem

    def leave(code=None):
        if sys._getframe(1).f_code.co_filename != 'tests.py':
            report('failed', 'the program ends its tests')
        if code not in (None, 0):
            report('failed', f'the tests end with exit code {code}')
        raise Done

    tools = {'check': check, 'compare': compare, 'compare_all': compare_all, 'assertion': assertion, 'caught': caught, 'thrown': raised, 'exit': leave}
    tools.update({f'the_{name}': getattr(builtins, name) for name in FUNDAMENTAL})
    return {f'__{name}__': tool for name, tool in tools.items()}, tally


def raised_in(problem):
    """The file in which an exception was raised."""
    place = problem.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place and place.tb_frame.f_code.co_filename


def read_as_module(tests, tally):
    """'whole', 'in part' where the tests have ended themselves, 'not' where the module skips itself."""
    try:
        tests()
        return 'whole'
    except Done:
        return 'in part'
    except BaseException as problem:
        if not is_skip(problem):
            raise
        tally.back_to((0, 0))
        return 'not'


def main():
    data = json.loads(sys.stdin.buffer.read())
    report = make_report(data['nonce'])
    program = compiled(report, lambda: compile(data['program'], 'program.py', 'exec'))
    tests, imported, of_file = compiled(report, lambda: marked(data['tests']))
    tools, tally = make_tools(report, data['tests'])
    module = types.ModuleType('program')
    sys.modules['program'] = sys.modules['__main__'] = module
    of_tests = loaded(imported)
    if 'unittest' in data['program'] or 'unittest' in data['tests']:
        import unittest

        # Tests are run here, whoever runs them as well.
        unittest.main = lambda *_, **__: None
    if of_tests.get('pytest'):
        of_tests['pytest'].main = lambda *_, **__: 0
    report_thread, are_hooks_changed = on_thread(report)
    del data
    put_back, is_changed = protected(of_tests)
    try:
        exec(program, module.__dict__)
        put_back()
        before = dict(module.__dict__)
        module.__dict__.update(tools, __name__='__main__')
        report_thread()
        how = read_as_module(lambda: exec(tests, module.__dict__), tally)
        own_tests = [module.__dict__.get(name) for name in of_file] if how == 'whole' else []
        if how != 'not':
            defined = {n: v for n, v in module.__dict__.items() if before.get(n) is not v and n not in tools}
            run_defined_tests(defined, tally)
        are_tools_changed = any(module.__dict__.get(name) is not tool for name, tool in tools.items())
        if is_changed() or are_hooks_changed() or are_tools_changed:
            raise AssertionError('the program changes what its tests rely on')
        if any(value is None or is_of_program(value) for value in own_tests):
            raise AssertionError('the program changes its tests')
    except BaseException as problem:
        report('ended-early' if isinstance(problem, SystemExit) else 'failed', shown(problem))
    if tally.kept:
        report('failed', shown(tally.kept[0]))
    if tally.checks == 0:
        report('not-tested', 'the tests have checked nothing')
    report('passed')


def on_thread(report):
    """What fails in a thread has failed. Returns a function to be called once the program has been loaded, and one that
    says whether the program has seen to its threads' failures itself since."""
    import _thread

    def failed(problem):
        if problem.exc_type is not SystemExit:
            report('failed', f'in a thread: {shown(problem.exc_value)}')

    _thread._excepthook = failed

    def begin():
        if 'threading' in sys.modules:
            sys.modules['threading'].excepthook = failed

    def is_changed():
        threading = sys.modules.get('threading')
        return _thread._excepthook is not failed or (threading and is_of_program(threading.excepthook))

    begin()
    return begin, is_changed


main()

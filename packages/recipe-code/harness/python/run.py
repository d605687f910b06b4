"""Runs one program and its tests, inside the sandbox. The last part of the harness,
after checks.py, comparisons.py and tests.py.

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


def loaded(names):
    """The modules that tests import, before the program can put others in their place; None for those there are not."""
    for name in names:
        if name not in ('program', '__main__'):
            try:
                __import__(name)
            except BaseException:
                pass
    return {name: sys.modules.get(name) for name in names if name not in ('program', '__main__')}


def unittest_modules():
    return {name: module for name, module in sys.modules.items() if name.split('.')[0] == 'unittest'}


#: What tests change themselves, to see what is printed or to say what is read.
MOCKED = ('print', 'input', 'open', '_')


def protected(of_tests):
    """What tests rely on, as it is now: the builtins, unittest where it is there, and the modules that tests import.

    Returns a function that puts it back, and one that says whether builtins or unittest are something else again.
    Modules may gain names, classes may not: a method that is added there takes the place of an inherited one.
    """
    own = unittest_modules()
    others = [module for name, module in of_tests.items() if module is not None and name not in own]
    known = [(module.__dict__, dict(module.__dict__)) for module in [builtins, *own.values(), *others]]
    own_classes = classes_of(own.values())
    attributes = [(one, dict(vars(one))) for one in own_classes | classes_of(others)]

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
        absent = [name for name, module in of_tests.items() if module is None]
        for name in [name for name in sys.modules if name in absent or (name in unittest_modules() and name not in own)]:
            del sys.modules[name]
        sys.modules.update(own)
        sys.modules.update({name: module for name, module in of_tests.items() if module is not None})

    def is_changed():
        return any(
            names.get(name) is not value
            for names, before in known[: 1 + len(own)]
            for name, value in before.items()
            if name not in MOCKED
        ) or any(dict(vars(one)) != before for one, before in attributes if one in own_classes)

    return put_back, is_changed


def classes_of(modules):
    """Classes in Python that the modules define."""
    return {
        value
        for module in modules
        for value in list(vars(module).values())
        if isinstance(value, type) and value.__module__ == module.__name__ and value.__flags__ & (1 << 9)
    }


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
        elif operator in OPPOSITE:
            if result is True and type(a) not in PLAIN and holds(OPPOSITE[operator], a, b) is True:
                raise AssertionError('an object that is less and more than everything')
        elif isinstance(result, bool) is False or result is (operator == 'eq'):
            must_be_genuine(a, b)
        return result

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
        if code not in (None, 0):
            report('failed', f'the tests end with exit code {code}')
        raise Done

    tools = {'check': check, 'compare': compare, 'assertion': assertion, 'caught': caught, 'thrown': raised, 'exit': leave}
    tools.update({f'the_{name}': getattr(builtins, name) for name in FUNDAMENTAL})
    return {f'__{name}__': tool for name, tool in tools.items()}, tally


def raised_in(problem):
    """The file in which an exception was raised."""
    place = problem.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place and place.tb_frame.f_code.co_filename


def ran_to_its_end(tests, tally):
    """Whether tests that were read as a module are to be run: not those of a module that skips itself."""
    try:
        tests()
    except Done:
        pass
    except BaseException as problem:
        if not is_skip(problem):
            raise
        tally.back_to((0, 0))
        return False
    return True


def main():
    data = json.loads(sys.stdin.buffer.read())
    report = make_report(data['nonce'])
    program = compiled(report, lambda: compile(data['program'], 'program.py', 'exec'))
    tests, imported = compiled(report, lambda: marked(data['tests']))
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
    report_thread = on_thread(report)
    del data
    put_back, is_changed = protected(of_tests)
    try:
        exec(program, module.__dict__)
        put_back()
        before = dict(module.__dict__)
        module.__dict__.update(tools, __name__='__main__')
        report_thread()
        if ran_to_its_end(lambda: exec(tests, module.__dict__), tally):
            defined = {n: v for n, v in module.__dict__.items() if before.get(n) is not v and n not in tools}
            run_defined_tests(defined, tally)
        if is_changed():
            raise AssertionError('the program changes what its tests rely on')
    except BaseException as problem:
        report('ended-early' if isinstance(problem, SystemExit) else 'failed', shown(problem))
    if tally.kept:
        report('failed', shown(tally.kept[0]))
    if tally.checks == 0:
        report('not-tested', 'the tests have checked nothing')
    report('passed')


def on_thread(report):
    """What fails in a thread has failed. Returns a function to be called once the program has been loaded."""
    import _thread

    def failed(problem):
        if problem.exc_type is not SystemExit:
            report('failed', f'in a thread: {shown(problem.exc_value)}')

    _thread._excepthook = failed

    def begin():
        if 'threading' in sys.modules:
            sys.modules['threading'].excepthook = failed

    begin()
    return begin


main()

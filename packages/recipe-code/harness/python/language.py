"""What tests rely on, as it is before the program: put back afterwards, and looked at again at the end. The fourth part of
the harness."""

import builtins
import sys


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
        sys.settrace(None)
        sys.setprofile(None)
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
        own_names, other_names = known[: 1 + len(own)], known[1 + len(own) :]
        return (
            any(differs(names, before) - set(MOCKED) for names, before in own_names)
            or any(dict(vars(one)) != before for one, before in attributes if one in own_classes)
            # Tests change other modules themselves; a program has no reason to.
            or any(is_of_program(names[name]) for names, before in other_names for name in differs(names, before))
            or any(is_of_program(value) for one, _ in attributes for value in vars(one).values())
        )

    return put_back, is_changed


def differs(names, before):
    return {name for name, value in before.items() if name in names and names[name] is not value}


def is_of_program(value):
    code = getattr(value, '__code__', None)
    return getattr(code, 'co_filename', None) == 'program.py'


def classes_of(modules):
    """Classes in Python that the modules define."""
    return {
        value
        for module in modules
        for value in list(vars(module).values())
        if isinstance(value, type) and value.__module__ == module.__name__ and value.__flags__ & (1 << 9)
    }

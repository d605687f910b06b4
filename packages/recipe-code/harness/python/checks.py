"""Marks what is a check in tests, so that running them shows how many were made. The first part of the harness.

A check is

1. an `assert`, or a call of an assertion (`assert…`, `raises`) that the tests do not define themselves; not when all
   that it is about are constants;
2. a decision on which it depends whether the tests fail: the innermost `if`, `and`, `or`, `match`, loop or `try` around a
   `raise`, `sys.exit(1)`, `….fail()`, an assertion about constants, or a call of a function of the tests that does
   one of these whatever it is given;
3. `sys.exit(…)` with what is no constant.

Where tests catch a failure and do not check again, that is told, too. Comparisons are written as calls.
"""

import _ast

ONLY_AST = 0x400
EXITS = ('sys.exit', 'exit', 'quit')
OPERATORS = {
    _ast.Eq: 'eq', _ast.NotEq: 'ne', _ast.Lt: 'lt', _ast.LtE: 'le', _ast.Gt: 'gt', _ast.GtE: 'ge', _ast.In: 'in',
}  # fmt: skip
FUNCTIONS = (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.Lambda)
#: What tests mean by these names is the language's, whatever the program calls its own things.
FUNDAMENTAL = frozenset(
    'all any bool bytes dict enumerate float frozenset getattr hasattr int isinstance issubclass len list range repr set'
    ' sorted str tuple type zip AssertionError BaseException Exception IndexError KeyError RuntimeError StopIteration'
    ' TypeError ValueError ZeroDivisionError'.split()
)


def children(node):
    for field in node._fields:
        value = getattr(node, field, None)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, _ast.AST):
                yield one


def walk(node):
    yield node
    for child in children(node):
        yield from walk(child)


def chain(node):
    """What is called by its names from the left, and all arguments on the way."""
    names, values = [], []
    while True:
        if isinstance(node, _ast.Call):
            values = [*node.args, *(keyword.value for keyword in node.keywords), *values]
            node = node.func
        elif isinstance(node, _ast.Attribute):
            names.insert(0, node.attr)
            node = node.value
        elif isinstance(node, _ast.Await):
            node = node.value
        else:
            return [node.id if isinstance(node, _ast.Name) else '', *names], values


def is_constant(node):
    return not any(isinstance(one, (_ast.Name, _ast.Call, _ast.Await, _ast.NamedExpr)) for one in walk(node))


PRINTS = ('print', 'write', 'log', 'error', 'warn', 'info', 'exception')


class Marks:
    """What is to be written into a syntax tree of tests: found first, while the tree is as it was, and written then."""

    def __init__(self, tree):
        self.nodes = list(walk(tree))
        self.parents = {child: node for node in self.nodes for child in children(node)}
        self.own = {node.name for node in self.nodes if isinstance(node, FUNCTIONS[:2])}
        self.own_names = self.own | {name for node in self.nodes for name in bound_by(node)}
        self.find_failing()
        telling = {node for node in self.nodes if self.assertion(node) or self.always_fails(node)}
        self.asserts = {node for node in self.nodes if self.assertion(node) == 'of the program'}
        self.exits = {node for node in self.nodes if isinstance(node, _ast.Call) and path_of(node) in EXITS}
        self.raises, self.decisions = set(), {node.args[0] for node in self.exits if self.tells(node)}
        for node in self.nodes:
            decision = self.decision_above(node) if self.always_fails(node) else None
            if decision is not None:
                self.decisions.add(decision)
                self.raises.add(node)
        self.silent = {
            node
            for node in self.nodes
            if isinstance(node, _ast.ExceptHandler) and not any(one in telling for one in walk(node))
        }

    def find_failing(self):
        """A function fails always when something in it does that nothing decides; then so does what calls it."""
        self.failing = set()
        known = -1
        while known < len(self.failing):
            known = len(self.failing)
            for node in self.nodes:
                if self.always_fails(node) and self.decision_above(node) is None:
                    self.failing |= {self.function_around(node)} - {None}

    def assertion(self, node):
        """'of the program', 'of constants' or None."""
        if isinstance(node, _ast.Assert):
            return 'of constants' if is_constant(node.test) else 'of the program'
        if not isinstance(node, _ast.Call):
            return None
        names, values = chain(node)
        if names[-1] in self.own or not (names[-1].lower().startswith('assert') or names[-1] == 'raises'):
            return None
        of_arguments = len(names) == 1 or names[0] in ('self', 'cls')
        return 'of constants' if of_arguments and values and all(map(is_constant, values)) else 'of the program'

    def always_fails(self, node):
        if isinstance(node, _ast.Raise) or self.assertion(node) == 'of constants':
            return True
        if not isinstance(node, _ast.Call):
            return False
        names, values = chain(node)
        path = '.'.join(names)
        if path in EXITS:
            return all(map(is_constant, values))
        return path in ('os._exit', 'os.abort') or path in self.failing or (len(names) > 1 and names[-1] == 'fail')

    def tells(self, node):
        """Whether an exit is with something that may be another; sys.exit(unittest.main()) is not."""
        if len(node.args) != 1 or is_constant(node.args[0]):
            return False
        return not isinstance(node.args[0], _ast.Call) or chain(node.args[0])[0][-1] != 'main'

    def function_around(self, node):
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, FUNCTIONS):
                return getattr(node, 'name', None)
        return None

    def decision_above(self, node):
        """What decides whether the tests come to a node: a condition, a list, or a `try`."""
        while node in self.parents:
            child, node = node, self.parents[node]
            if isinstance(node, FUNCTIONS):
                return None
            if isinstance(node, (_ast.If, _ast.While, _ast.IfExp)) and child is not node.test:
                return node.test
            if isinstance(node, (_ast.For, _ast.AsyncFor)) and child is not node.iter:
                return node.iter
            if isinstance(node, _ast.BoolOp) and child is not node.values[0]:
                return node.values[node.values.index(child) - 1]
            if type(node).__name__ == 'Match' and child is not node.subject:
                return node.subject
            if getattr(node, 'handlers', None) and child in node.body:
                return node
            # What fails in a clause of a try hands a failure on.
            if isinstance(node, _ast.ExceptHandler):
                node = self.parents[node]
        return None

    def written(self, node):
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                setattr(node, field, [self.written(one) if isinstance(one, _ast.AST) else one for one in value])
            elif isinstance(value, _ast.AST):
                setattr(node, field, self.written(value))
        result = self.written_itself(node)
        if node in self.decisions:
            if hasattr(node, 'handlers'):
                node.body.insert(0, located(_ast.Expr(call('__check__', node)), node))
            else:
                result = call('__check__', result, result)
        return result

    def written_itself(self, node):
        if isinstance(node, _ast.Name) and node.id in FUNDAMENTAL - self.own_names:
            node.id = f'__the_{node.id}__'
        elif isinstance(node, _ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OPERATORS:
            operator = located(_ast.Constant(OPERATORS[type(node.ops[0])]), node)
            return call('__compare__', node, operator, node.left, node.comparators[0])
        elif isinstance(node, _ast.Compare) and all(type(one) in OPERATORS for one in node.ops):
            # All values are computed beforehand, which nobody notices where the later ones do nothing.
            if all(isinstance(one, (_ast.Constant, _ast.Name)) for one in node.comparators[1:]):
                names = [located(_ast.Constant(OPERATORS[type(one)]), node) for one in node.ops]
                operators = located(_ast.Tuple(names, _ast.Load()), node)
                return call('__compare_all__', node, operators, node.left, *node.comparators)
        elif isinstance(node, _ast.Assert) and node in self.asserts:
            node.test = call('__check__', node.test, node.test)
        elif node in self.asserts:
            node.args.insert(0, node.func)
            node.func = name('__assertion__', node)
        elif node in self.exits:
            node.func = name('__exit__', node)
        elif isinstance(node, _ast.Raise) and node in self.raises and node.exc:
            node.exc = call('__thrown__', node, node.exc)
        elif node in self.silent:
            prints = any(isinstance(one, _ast.Call) and chain(one)[0][-1].startswith(PRINTS) for one in walk(node))
            caught = call('__caught__', node, located(_ast.Constant(prints), node))
            node.body.insert(0, located(_ast.Expr(caught), node))
        return node


def path_of(node):
    return '.'.join(chain(node)[0])


def bound_by(node):
    """The names that a node gives to something else than the language does."""
    if isinstance(node, _ast.Name) and not isinstance(node.ctx, _ast.Load):
        return [node.id]
    if isinstance(node, _ast.alias):
        return [node.asname or node.name]
    return [getattr(node, 'arg', None) if isinstance(node, _ast.arg) else getattr(node, 'name', None)]


def located(node, at):
    for place in ('lineno', 'col_offset', 'end_lineno', 'end_col_offset'):
        setattr(node, place, getattr(at, place, 1))
    return node


def name(text, at):
    return located(_ast.Name(text, _ast.Load()), at)


def call(function, at, *values):
    return located(_ast.Call(name(function, at), list(values), []), at)


def marked(tests):
    """Tests compiled, with their checks marked; the modules that they import; and the test functions of the file."""
    tree = compile(tests, 'tests.py', 'exec', ONLY_AST)
    marks = Marks(tree)
    modules = []
    for node in marks.nodes:
        if isinstance(node, _ast.Import):
            modules += [one.name for one in node.names]
        elif isinstance(node, _ast.ImportFrom) and node.module and not node.level:
            modules.append(node.module)
    functions = [one.name for one in tree.body if isinstance(one, FUNCTIONS[:2]) and one.name.startswith('test')]
    # What the tests take away themselves is no work of the program's.
    kept = [one for one in functions if not any(isinstance(node, _ast.Delete) for node in marks.nodes)]
    return compile(marks.written(tree), 'tests.py', 'exec'), modules, kept

"""Comparisons that notice an object which equals everything. The second part of the harness."""


class Anything:
    """Equal to nothing but itself."""


def unlike(value):
    """Values of the same kind that are not equal to it: one far from it, and one near."""
    kind = type(value)
    if kind is bool:
        return [not value]
    if kind is int:
        return [value + 10**9, 2 * value + (1 if value >= 0 else -1)]
    if kind is float:
        return [1e12 if abs(value) < 1e6 else 0.0, 2 * value + 1 if value >= 0 else 2 * value - 1]
    if kind in (str, bytes):
        return [value + value + (' ' if kind is str else b' ')]
    if kind in (list, tuple):
        return [value + kind([Anything()])]
    return []


PLAIN = (bool, int, float, complex, str, bytes, type(None), type, range)
OPPOSITE = {'lt': 'gt', 'le': 'gt', 'gt': 'lt', 'ge': 'lt'}


def holds(operator, a, b):
    if operator == 'eq':
        return a == b
    if operator == 'ne':
        return a != b
    if operator == 'lt':
        return a < b
    if operator == 'le':
        return a <= b
    if operator == 'gt':
        return a > b
    if operator == 'ge':
        return a >= b
    return a in b


def pretends(a, b, depth=0):
    """Whether a equals what b is, and as well what b is not."""
    if type(a) in PLAIN or depth > 8:
        return False
    if type(a) in (list, tuple):
        return type(a) is type(b) and any(pretends(x, y, depth + 1) for x, y in zip(a, b))
    if type(a) is dict:
        return type(b) is dict and any(pretends(a[key], b[key], depth + 1) for key in a if key in b)
    if type(a) in (set, frozenset):
        return any(pretends(one, None, depth + 1) for one in a)
    return any([is_equal(a, one) for one in [*unlike(b), Anything()]])


def is_equal(a, b):
    try:
        return bool(a == b)
    except Exception:
        return False


def holds_all(container):
    """Whether a container of its own kind says that everything is in it."""
    if type(container) in (*PLAIN, list, tuple, dict, set, frozenset):
        return False
    try:
        return Anything() in container
    except Exception:
        return False

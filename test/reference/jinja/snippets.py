"""Snippets of Jinja, by what they try. Every line is a template of its own; VALUES are the variables of all of them."""

VALUES = r"""
{
  "text": "  Hello, World!\n", "word": "hello", "empty": "", "emoji": "a😀b👩‍👩‍👧c", "accents": "Ünïcödé straße ǆ ﬁ",
  "lines": "one\ntwo\r\nthree\n\nfive", "xml": "<a href=\"x\">T&C's</a>", "quote": "it's \"quoted\" \\ back\tslash",
  "digits": "12345", "spaces": " \t\n x \u00a0\u2003 ", "csv": "a,b,,c", "path": "a/b/c.txt",
  "zero": 0, "one": 1, "seven": 7, "minus": -7, "big": 12345678901234567890123, "id": 1234567890123456789,
  "half": 0.5, "whole": 20.0, "tiny": 1e-07, "huge": 1e+21, "third": 0.3333333333333333, "minus_float": -2.5, "exp": 1e16, "nano": 0.0001,
  "yes": true, "no": false, "nothing": null,
  "list": [3, 1, 2], "names": ["bob", "Alice", "carol"], "mixed": [1, "a", null, true, 2.0, [1], {"k": "v"}], "none_list": [],
  "nested": {"a": {"b": {"c": [1, {"d": "deep"}]}}, "z": 1, "é": "ü", "empty": {}},
  "table": {"b": 2, "a": 1, "C": 3}, "no_table": {},
  "people": [
    {"name": "Ann", "age": 31, "city": "Rome", "tags": ["x", "y"], "address": {"zip": "001"}},
    {"name": "bob", "age": 25, "city": "Paris", "tags": [], "address": {"zip": "002"}},
    {"name": "Cy", "age": 31, "city": "Rome", "tags": ["z"], "address": {"zip": null}}
  ],
  "messages": [
    {"role": "system", "content": "Be kind.\n"},
    {"role": "user", "content": "  Hi there  "},
    {"role": "assistant", "content": null, "tool_calls": [
      {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": {"city": "Rome", "days": 2, "exact": 20.0, "ok": true, "none": null}}}
    ]},
    {"role": "tool", "name": "weather", "tool_call_id": "c1", "content": "{\"t\": 22}"},
    {"role": "assistant", "content": "<think>\nhm\n</think>\n\n    return x\n", "reasoning_content": "hm"},
    {"role": "user", "content": [{"type": "text", "text": "look"}, {"type": "image"}]}
  ],
  "tools": [
    {"type": "function", "function": {"name": "weather", "description": "Rate > 10 & < 50 'now' é 😀 </script>",
      "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "default": 1.0}}, "required": ["city"]}}}
  ],
  "bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": true
}
"""

STRING_METHODS = r"""
{{ text.strip() }}|{{ text.lstrip() }}|{{ text.rstrip() }}
{{ word.strip('ho') }}|{{ word.lstrip('h') }}|{{ word.rstrip('lo') }}|{{ word.strip('xyz') }}
{{ text.strip(none) }}|{{ word.strip('') }}
{{ spaces.strip() }}|{{ spaces | trim }}|{{ spaces | length }}
{{ '\n    return x\n'.lstrip('\n') }}|{{ '\n    return x\n'.rstrip('\n') }}|{{ '\n    return x\n'.strip('\n') }}
{{ csv.split(',') }}|{{ csv.split(',', 1) }}|{{ csv.split(',', maxsplit=2) }}|{{ csv.split(sep=',') }}
{{ csv.rsplit(',') }}|{{ csv.rsplit(',', 1) }}|{{ csv.rsplit(',', maxsplit=2) }}
{{ text.split() }}|{{ spaces.split() }}|{{ empty.split() }}|{{ empty.split(',') }}
{{ '  a  b  c '.split(none, 1) }}|{{ '  a  b  c '.rsplit(none, 1) }}|{{ 'a b'.split(' ') }}
{{ word.split('') }}
{{ lines.splitlines() }}|{{ lines.splitlines(true) }}|{{ lines.splitlines(keepends=True) }}
{{ 'a\x0bb\x0cc\x1cd\x85e\u2028f'.splitlines() }}
{{ csv.partition(',') }}|{{ csv.rpartition(',') }}|{{ csv.partition(';') }}|{{ csv.rpartition(';') }}
{{ word.replace('l', 'L') }}|{{ word.replace('l', 'L', 1) }}|{{ word.replace('', '-') }}|{{ word.replace('x', 'y') }}
{{ word.replace('l', 'L', count=1) }}
{{ 'aaa'.replace('aa', 'b') }}|{{ emoji.replace('', '.') }}
{{ word.startswith('he') }}|{{ word.startswith('lo') }}|{{ word.endswith('lo') }}|{{ word.startswith(('x', 'h')) }}|{{ word.endswith(('x', 'o')) }}
{{ word.startswith('l', 2) }}|{{ word.startswith('ll', 2, 3) }}|{{ word.endswith('l', 0, 4) }}|{{ word.startswith('') }}
{{ word.find('l') }}|{{ word.rfind('l') }}|{{ word.find('z') }}|{{ word.find('l', 3) }}|{{ word.find('l', -1) }}|{{ word.index('l') }}
{{ word.index('z') }}
{{ word.count('l') }}|{{ 'aaaa'.count('aa') }}|{{ word.count('') }}|{{ word.count('l', 3) }}
{{ word.upper() }}|{{ text.lower() }}|{{ accents.upper() }}|{{ accents.lower() }}|{{ accents.casefold() }}
{{ 'hello world it\'s 3rd x-ray'.title() }}|{{ 'hELLO wORLD'.capitalize() }}|{{ 'Hello World'.swapcase() }}
{{ accents.title() }}|{{ accents.capitalize() }}|{{ accents.swapcase() }}
{{ 'ǆ'.title() }}|{{ 'ﬁne'.capitalize() }}|{{ 'ß'.upper() }}|{{ 'İ'.lower() | length }}|{{ 'ΑΣ'.lower() }}
{{ word.center(11, '*') }}|{{ word.center(10) }}|{{ word.ljust(8, '.') }}|{{ word.rjust(8) }}|{{ '42'.zfill(5) }}|{{ '-42'.zfill(5) }}|{{ '+7'.zfill(4) }}
{{ 'abc'.center(6, '-') }}|{{ 'abcd'.center(7, '-') }}|{{ 'ab'.center(1) }}
{{ digits.isdigit() }}|{{ word.isalpha() }}|{{ word.isalnum() }}|{{ 'A1'.isupper() }}|{{ 'a1'.islower() }}|{{ '²'.isdigit() }}|{{ '½'.isnumeric() }}|{{ '²'.isdecimal() }}|{{ ' \t'.isspace() }}|{{ ''.isspace() }}
{{ 'Hello World'.istitle() }}|{{ 'abc_1'.isidentifier() }}|{{ '1a'.isidentifier() }}|{{ 'aé'.isascii() }}|{{ 'a\n'.isprintable() }}
{{ ','.join(names) }}|{{ ''.join(['a', 'b']) }}|{{ '-'.join('abc') }}|{{ ', '.join(table) }}
{{ ','.join([1, 2]) }}
{{ 'abc'.removeprefix('a') }}|{{ 'abc'.removesuffix('c') }}|{{ 'abc'.removeprefix('x') }}
{{ 'a\tb'.expandtabs() }}|{{ 'a\tb'.expandtabs(4) }}
{{ '{} and {}'.format(1, 'x') }}|{{ '{0}{1}{0}'.format('a', 'b') }}|{{ '{name}!'.format(name='Ann') }}|{{ '{{}}'.format(1) }}
{{ '{:>8}|{:<8}|{:^8}|{:*^9}'.format('a', 'b', 'c', 'd') }}
{{ '{:d} {:5d} {:05d} {:,} {:+d} {:x} {:X} {:o} {:b} {:#x} {:e}'.format(1, 2, 3, 1234567, 5, 255, 255, 8, 5, 255, 12345.678) }}
{{ '{:.2f} {:8.3f} {:g} {:g} {:g} {:%} {:.1%} {:,.2f}'.format(3.14159, 2.5, 0.00001, 100000.0, 1e10, 0.25, 0.256, 1234567.891) }}
{{ '{!r} {!s}'.format('a', 'b') }}|{{ '{0.real}'.format(3) }}|{{ '{0[1]}'.format([1, 2]) }}|{{ '{a[b]}'.format(a={'b': 3}) }}
{{ '{:{}}|'.format('x', 5) }}|{{ '{:.3}'.format('abcdef') }}|{{ '{:c}'.format(65) }}|{{ '{:_}'.format(1234567) }}
{{ '%s is %d years, %.1f%% sure, %r' % ('Ann', 31, 99.5, 'x') }}|{{ '%s' % word }}|{{ '%5s|%-5s|%05d' % ('a', 'b', 42) }}
{{ '%x %X %o %e %g %c %i %+d' % (255, 255, 8, 12345.678, 0.0001, 'z', 3, 4) }}|{{ '%(a)s %(b)03d' % {'a': 1, 'b': 2} }}
{{ '%s %s' % ('a',) }}
{{ '%d' % 'a' }}
{{ '%s' % [1, 2] }}|{{ '%s' % none }}|{{ '%s' % (none,) }}|{{ '%s' % {'a': 1} }}|{{ '%%' % () }}
{{ 'abc'.translate({97: 'x'}) }}
{{ 'hello'.encode('utf-8') }}
{{ word.foo }}|{{ word.foo is defined }}
{{ word.foo() }}
{{ emoji | length }}|{{ emoji[1] }}|{{ emoji[-1] }}|{{ emoji[1:3] }}|{{ emoji[::-1] | length }}|{{ emoji.find('b') }}
{{ emoji | list }}|{{ emoji | first }}|{{ emoji.upper() }}|{{ emoji.center(20, '😀') | length }}
{{ quote }}|{{ [quote] }}|{{ ['a\nb', 'c\td', 'e\\f', "g'h", 'i"j', "k'l\"m", '\x00\x7f\x80\xa0é\u200b😀'] }}
{{ word * 2 }}|{{ 3 * 'ab' }}|{{ 'ab' * 0 }}|{{ 'ab' * -1 }}|{{ [1, 2] * 2 }}
{{ 'a' 'b' "c" }}|{{ 'tab\there' }}|{{ '\u00e9\x41\101' }}|{{ 'back\\slash' }}|{{ "don't" }}|{{ 'say "x"' }}
{{ 'a' in word }}|{{ 'hel' in word }}|{{ '' in word }}|{{ 'z' not in word }}|{{ 'a' in names }}|{{ 'a' in table }}|{{ 1 in [1.0] }}|{{ true in [1] }}
{{ 1 in word }}
{{ word[0] }}|{{ word[-1] }}|{{ word[1:3] }}|{{ word[:-1] }}|{{ word[::2] }}|{{ word[::-1] }}|{{ word[10:] }}|{{ word[-3:] }}|{{ word[3:1:-1] }}
{{ word[10] }}|{{ word[10] is defined }}
{{ word[::0] }}
{{ word < 'help' }}|{{ 'Z' < 'a' }}|{{ '😀' > '\uffff' }}|{{ 'a' == 'a' }}|{{ 'a' != 'b' }}
{{ '</think>' in messages[4].content }}|{{ messages[4].content.split('</think>')[-1].lstrip('\n') }}|{{ messages[4].content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') }}
"""

NUMBERS = r"""
{{ 1 }}|{{ 1.0 }}|{{ 1.5 }}|{{ 1e3 }}|{{ 1e16 }}|{{ 1e15 }}|{{ 1e-4 }}|{{ 1e-5 }}|{{ 123456789012345678901234567890 }}|{{ 1_000 }}|{{ 0x1F }}|{{ 0b101 }}|{{ 0o17 }}|{{ 1.5e-10 }}
{{ zero }}|{{ one }}|{{ minus }}|{{ big }}|{{ id }}|{{ half }}|{{ whole }}|{{ tiny }}|{{ huge }}|{{ third }}|{{ minus_float }}|{{ exp }}|{{ nano }}
{{ id + 1 }}|{{ big * 2 }}|{{ id // 10 }}|{{ id % 1000 }}|{{ big - 1 }}|{{ id * 1.0 }}|{{ 2 ** 100 }}|{{ -(2 ** 63) }}
{{ 7 / 2 }}|{{ 6 / 2 }}|{{ 7 // 2 }}|{{ -7 // 2 }}|{{ 7 // -2 }}|{{ 7.0 // 2 }}|{{ 7 % 3 }}|{{ -7 % 3 }}|{{ 7 % -3 }}|{{ 7.5 % 2 }}|{{ -7.5 % 2 }}
{{ 2 ** 10 }}|{{ 2 ** -1 }}|{{ 2 ** 0.5 }}|{{ -2 ** 2 }}|{{ (-2) ** 2 }}|{{ 2 ** 3 ** 2 }}|{{ 10 ** 20 }}|{{ 10.0 ** 20 }}
{{ 0.1 + 0.2 }}|{{ 1 + 1.0 }}|{{ 1 - 0.9 }}|{{ 3 * 0.1 }}|{{ 1e308 * 10 }}|{{ -1e308 * 10 }}|{{ 5 - 5.0 }}|{{ -0.0 }}|{{ 0 * -1.0 }}
{{ 1 / 0 }}
{{ 1 % 0 }}
{{ 1 // 0.0 }}
{{ +5 }}|{{ -5 }}|{{ --5 }}|{{ -true }}|{{ +false }}|{{ not 5 }}|{{ not 0 }}|{{ not '' }}|{{ not none }}|{{ not [] }}
{{ true + 1 }}|{{ true * 3 }}|{{ true + true }}|{{ true / 2 }}|{{ false ** 0 }}|{{ true == 1 }}|{{ true == 1.0 }}|{{ false == 0 }}|{{ true is sameas 1 }}
{{ 1 == 1.0 }}|{{ 1 == '1' }}|{{ none == false }}|{{ [] == false }}|{{ [1, 2] == [1.0, 2] }}|{{ (1, 2) == [1, 2] }}|{{ {'a': 1} == {'a': 1.0} }}|{{ id == 1234567890123456788 }}|{{ id == 1234567890123456789 }}
{{ 1 < 2 < 3 }}|{{ 1 < 3 < 2 }}|{{ 3 > 2 > 1 }}|{{ 1 < 2 == 2 }}|{{ 1 == 1 != 2 }}|{{ 1 < 2 > 0 }}|{{ 1 < 2 in [2] }}
{{ 1 < 2.5 }}|{{ 1 < 'a' }}
{{ none < 1 }}
{{ [1, 2] < [1, 3] }}|{{ [1] < [1, 0] }}|{{ (1, 'a') < (1, 'b') }}
{{ [] < {} }}
{{ 1 + 'a' }}
{{ 'a' + 1 }}
{{ 'a' + none }}
{{ 'text: ' + table }}
{{ 'a' + 'b' }}|{{ [1] + [2] }}|{{ (1,) + (2,) }}
{{ [1] + (2,) }}
{{ table + table }}
{{ 'a' ~ 1 ~ none ~ true ~ 1.0 ~ [1, 'a'] ~ {'k': none} }}|{{ 1 ~ 2 }}
{{ 1 if true }}|{{ 1 if false }}|{{ 1 if false else 2 }}|{{ 1 if no else 2 if yes else 3 }}|[{{ 'x' if nope }}]
{{ yes and word }}|{{ no and word }}|{{ empty or 'default' }}|{{ none_list or no_table or 0 }}|{{ nope or 'd' }}|{{ not nope }}|{{ yes or nope.foo.bar }}
{{ 1 and 2 or 3 }}|{{ 0 or '' }}|{{ not 1 == 2 }}|{{ not (yes and no) }}|{{ 1 in [1] and 2 not in [1] }}|{{ not 1 in [1] }}
{{ 3.7 | int }}|{{ '3.7' | int }}|{{ 'x' | int }}|{{ 'x' | int(-1) }}|{{ '0x1f' | int(base=16) }}|{{ '101' | int(0, 2) }}|{{ none | int }}|{{ true | int }}|{{ '12_000' | int }}|{{ ' 7 ' | int }}|{{ -3.7 | int }}|{{ 1e20 | int }}
{{ '3.5' | float }}|{{ 3 | float }}|{{ 'x' | float }}|{{ 'x' | float(1.5) }}|{{ 'inf' | float }}|{{ 'nan' | float }}|{{ '1e3' | float }}|{{ none | float }}|{{ '1_0' | float }}
{{ 2.5 | round }}|{{ 3.5 | round }}|{{ 2.675 | round(2) }}|{{ 42.55 | round(1, 'floor') }}|{{ 42.51 | round(1, 'ceil') }}|{{ 42.55 | round }}|{{ 7 | round }}|{{ 1234 | round(-2) }}|{{ 42.5 | round | int }}|{{ -2.5 | round }}|{{ 0.5 | round }}|{{ 1.005 | round(2) }}
{{ -5 | abs }}|{{ (-5) | abs }}|{{ -2.5 | abs }}|{{ (-big) | abs }}
{{ 1.0 | string }}|{{ none | string }}|{{ true | string }}|{{ [1, none] | string }}|{{ 1e-07 | string }}
{{ 5.bit_length() }}
{{ one.bit_length() }}|{{ seven.bit_length() }}|{{ half.is_integer() }}|{{ whole.is_integer() }}|{{ half.as_integer_ratio() }}|{{ one.real }}|{{ one.numerator }}|{{ seven.denominator }}
{{ 1000000 | filesizeformat }}|{{ 1000 | filesizeformat }}|{{ 999 | filesizeformat }}|{{ 1 | filesizeformat }}|{{ 1024 | filesizeformat(true) }}|{{ 1500000000 | filesizeformat }}|{{ 0 | filesizeformat }}
{{ 1.1 }}|{{ 100.0 }}|{{ 1e22 }}|{{ 1e21 }}|{{ 123456789.123456789 }}|{{ 5e-324 }}|{{ 1.7976931348623157e308 }}|{{ 0.1 }}|{{ 1e100 }}|{{ 12345678901234567.0 }}|{{ 1234567890123456.0 }}
{{ 1 is number }}|{{ 1.0 is integer }}|{{ 1 is integer }}|{{ 1.0 is float }}|{{ true is number }}|{{ true is integer }}|{{ true is boolean }}|{{ 1 is boolean }}|{{ big is integer }}
{{ 4 is even }}|{{ 3 is odd }}|{{ 9 is divisibleby 3 }}|{{ 9 is divisibleby(2) }}|{{ 4.0 is even }}|{{ -3 is odd }}
{{ 1 is eq 1 }}|{{ 1 is equalto 1.0 }}|{{ 1 is ne 2 }}|{{ 1 is lt 2 }}|{{ 2 is ge 2 }}|{{ 3 is gt 2 }}|{{ 1 is le 0 }}|{{ 1 is lessthan 2 }}|{{ 1 is greaterthan 2 }}|{{ 1 is == 1 }}
"""

LISTS_AND_DICTS = r"""
{{ list }}|{{ names }}|{{ mixed }}|{{ none_list }}|{{ table }}|{{ nested }}|{{ no_table }}|{{ (1, 'a') }}|{{ (1,) }}|{{ () }}|{{ [] }}|{{ {} }}
{{ {'a': 1, "b": [1, 2], 3: none, none: 1.0, (1, 2): 'x', true: 5} }}|{{ {1: 'a', 1.0: 'b', true: 'c'} }}
{{ list[0] }}|{{ list[-1] }}|{{ list[1:] }}|{{ list[::-1] }}|{{ list[5:] }}|{{ list.0 }}|{{ names.1 }}|{{ (1, 2, 3)[1:] }}|{{ people[0]['name'] }}|{{ people[0].tags[1] }}
{{ list[10] }}|{{ list[10] is defined }}|{{ list['a'] is defined }}|{{ table['zz'] is defined }}|{{ table.zz }}|{{ table.get('zz') }}|{{ table.get('zz', 0) }}|{{ table.get('a') }}
{{ list[10].x }}
{{ nope.x }}
{{ nope }}|{{ nope | length }}|{{ nope | list }}|{{ nope | upper }}|{{ nope ~ 'x' }}|{{ nope == none }}|{{ nope is none }}
{{ nope + 1 }}
{{ nope[0] }}
{{ nope() }}
{{ nothing.x is defined }}|{{ nothing.x }}|{{ nothing['x'] is defined }}
{{ nothing.x.y }}
{{ messages[9] is defined }}|{{ messages[0].foo.bar is defined }}
{{ table.items() }}|{{ table.keys() }}|{{ table.values() }}|{{ table.items() | list }}|{{ table.keys() | list }}|{{ table.values() | list }}|{{ table | list }}
{% for k, v in table.items() %}{{ k }}={{ v }};{% endfor %}|{% for k in table %}{{ k }};{% endfor %}|{% for k, v in table | dictsort %}{{ k }}={{ v }};{% endfor %}|{% for k, v in table | items %}{{ k }}={{ v }};{% endfor %}
{{ table | dictsort }}|{{ table | dictsort(true) }}|{{ table | dictsort(by='value') }}|{{ table | dictsort(reverse=true) }}|{{ table | dictsort(case_sensitive=true, by='key') }}
{{ nope | items | list }}
{{ list | items }}
{{ table.a }}|{{ table['a'] }}|{{ table.items }}
{{ {'items': 5}.items }}|{{ {'items': 5}['items'] }}|{{ {'keys': 1, 'x': 2}.x }}
{{ 'a' in table }}|{{ 1 in table }}|{{ 'a' in table.keys() }}|{{ 1 in table.values() }}|{{ ('a', 1) in table.items() }}
{{ list.append(4) }}
{{ table.update({'x': 1}) }}
{{ list.pop() }}
{{ list.index(1) }}|{{ list.count(1) }}|{{ [1, 2, 1].count(1) }}|{{ list.copy() }}|{{ (1, 2).index(2) }}|{{ table.copy() }}
{{ list.index(99) }}
{{ list.sort() }}
{{ table.setdefault('q', 1) }}
{{ list.__class__ }}|{{ list.__class__ is defined }}
{{ word.__len__() }}
{{ word._private }}
{{ list | first }}|{{ list | last }}|{{ list | length }}|{{ list | count }}|{{ none_list | first }}|{{ none_list | last }}|{{ table | first }}|{{ word | first }}|{{ word | last }}
{{ list | sum }}|{{ [1.5, 2] | sum }}|{{ people | sum(attribute='age') }}|{{ [] | sum }}|{{ [1, 2] | sum(start=10) }}|{{ [[1], [2]] | sum(start=[]) }}
{{ list | min }}|{{ list | max }}|{{ names | min }}|{{ names | max }}|{{ names | max(case_sensitive=true) }}|{{ people | max(attribute='age') }}|[{{ [] | min }}]
{{ list | sort }}|{{ names | sort }}|{{ names | sort(case_sensitive=true) }}|{{ list | sort(reverse=true) }}|{{ people | sort(attribute='age') | map(attribute='name') | list }}|{{ people | sort(attribute='age,name', reverse=true) | map(attribute='name') | list }}
{{ mixed | sort }}
{{ list | reverse }}
{{ list | reverse | list }}|{{ word | reverse }}|{{ table | reverse | list }}
{{ list | join }}|{{ list | join(', ') }}|{{ people | join(', ', attribute='name') }}|{{ mixed | join('|') }}|{{ word | join('-') }}|{{ table | join(',') }}|{{ [none, 1.0, true] | join(' ') }}
{{ [1, 2, 1, 3, 2] | unique | list }}|{{ ['a', 'A', 'b'] | unique | list }}|{{ ['a', 'A', 'b'] | unique(true) | list }}|{{ people | unique(attribute='city') | map(attribute='name') | list }}
{{ [1, 2, 3, 4, 5] | batch(2) | list }}|{{ [1, 2, 3, 4, 5] | batch(2, 0) | list }}|{{ [1, 2, 3, 4, 5] | slice(2) | list }}|{{ [1, 2, 3, 4, 5] | slice(3, 'x') | list }}
{{ people | groupby('city') }}
{% for city, group in people | groupby('city') %}{{ city }}: {{ group | map(attribute='name') | join(', ') }};{% endfor %}
{% for g in people | groupby('age') %}{{ g.grouper }}:{{ g.list | length }};{% endfor %}|{% for c, g in people | groupby('nick', default='?') %}{{ c }}{{ g | length }}{% endfor %}
{{ people | map(attribute='name') | list }}|{{ people | map(attribute='address.zip') | list }}|{{ people | map(attribute='nope', default='-') | list }}|{{ names | map('upper') | list }}|{{ list | map('string') | join }}|{{ ['a b', 'c'] | map('replace', ' ', '_') | list }}
{{ people | map(attribute='tags.0') | list }}|{{ [[1, 2], [3]] | map('first') | list }}|{{ ['1', 'x'] | map('int', default=-1) | list }}
{{ people | map('nofilter') | list }}
{{ [1, 2, 3, 4] | select('even') | list }}|{{ [1, 2, 3, 4] | reject('even') | list }}|{{ [0, 1, '', 'a', none] | select | list }}|{{ [0, 1, '', 'a', none] | reject | list }}|{{ list | select('gt', 1) | list }}|{{ names | select('in', ['bob']) | list }}
{{ people | selectattr('tags') | map(attribute='name') | list }}|{{ people | rejectattr('tags') | map(attribute='name') | list }}|{{ people | selectattr('age', 'equalto', 31) | map(attribute='name') | list }}|{{ people | selectattr('address.zip', 'none') | map(attribute='name') | list }}|{{ people | rejectattr('city', 'in', ['Rome']) | map(attribute='name') | list }}
{{ messages | selectattr('role', 'equalto', 'user') | list | length }}|{{ messages | selectattr('role', '==', 'tool') | map(attribute='content') | first }}|{{ messages | rejectattr('role', 'ne', 'system') | list | last }}
{{ messages | selectattr('tool_calls', 'defined') | list | length }}|{{ messages | selectattr('content') | list | length }}|{{ messages | map(attribute='role') | join(',') }}|{{ messages | map(attribute='role') | unique | list }}
{{ messages | selectattr('role', 'notest') | list }}
{{ dict(a=1, b=2) }}|{{ dict({'a': 1}, b=3) }}
{{ range(3) }}|{{ range(3) | list }}|{{ range(2, 8, 3) | list }}|{{ range(5, 0, -2) | list }}|{{ range(0) | list }}|{{ range(10)[2] }}|{{ range(10)[2:4] }}|{{ range(3) | length }}|{{ 2 in range(3) }}
{{ range(1.5) | list }}
{{ range(100001) | list | length }}
{{ [1, [2, [3]]] | tojson }}|{{ (1, 2) | tojson }}|{{ 'a"b\\c\n\té😀' | tojson }}|{{ none | tojson }}|{{ true | tojson }}|{{ 1.0 | tojson }}|{{ tiny | tojson }}|{{ id | tojson }}|{{ big | tojson }}|{{ huge | tojson }}
{{ {1: 2, none: 3, true: 4, 1.5: 5} | tojson }}
{{ {(1, 2): 3} | tojson }}
{{ nested | tojson }}|{{ nested | tojson(indent=2) }}|{{ nested | tojson(sort_keys=true) }}|{{ nested | tojson(separators=(',', ':')) }}|{{ nested | tojson(ensure_ascii=true) }}
{{ tools | tojson }}|{{ tools | tojson(indent=4) }}|{{ tools[0].function.parameters.properties | tojson(indent=0) }}|{{ [] | tojson(indent=2) }}|{{ {} | tojson(indent=2) }}|{{ [[], {}] | tojson(indent=1) }}
{{ tools | tojson(indent='\t') }}|{{ nested | tojson(indent=none) }}|{{ nested | tojson(indent=4, separators=(',', ': '), sort_keys=True, ensure_ascii=False) }}
{{ nope | tojson }}
{{ messages[2].tool_calls[0].function.arguments | tojson }}|{{ messages[2].tool_calls[0].function.arguments }}|{{ messages[2].tool_calls[0].function.arguments | string }}
{{ '\u2028\u2029\x7f\x00\x1f/' | tojson }}|{{ '\ud83d\ude00' | length }}|{{ 'inf' | float | tojson }}|{{ 'nan' | float | tojson }}|{{ '-inf' | float | tojson }}
{{ [1, 2] is iterable }}|{{ 'a' is iterable }}|{{ 5 is iterable }}|{{ [1] is sequence }}|{{ table is mapping }}|{{ [1] is mapping }}|{{ table is sequence }}|{{ 'a' is string }}|{{ none is none }}|{{ nope is undefined }}|{{ word is defined }}|{{ table.items is callable }}|{{ word is callable }}
{{ 'a' is in 'abc' }}|{{ 1 is in [1] }}|{{ 'upper' is filter }}|{{ 'nofilter' is filter }}|{{ 'odd' is test }}|{{ 'x' is lower }}|{{ 'X' is upper }}|{{ true is true }}|{{ false is false }}|{{ 1 is true }}|{{ none is sameas none }}|{{ 'a' is escaped }}
{{ word is not defined }}|{{ nope is not defined }}|{{ 3 is not even }}|{{ not nope is defined }}|{{ none is not none }}|{{ table is mapping and list is not mapping }}|{{ messages[2].content is not none }}|{{ messages[2].content is string }}
{{ word is nosuchtest }}
{{ word | nosuchfilter }}
{{ people[0] | attr('name') }}|{{ word | attr('upper') is callable }}|{{ people[0] | attr('nope') is defined }}
{{ people | pprint }}|{{ word | pprint }}|{{ list | pprint }}
{{ [x for x in list] }}
{{ {'a': 1}.a }}|{{ {'a': {'b': 2}}.a.b }}|{{ {'a': 1}['a'] }}|{{ {'a-b': 1}['a-b'] }}|{{ [{'a': 1}][0].a }}|{{ [1, 2,] }}|{{ {'a': 1,} }}|{{ (1, 2,) }}
{{ {'a': 1, 'b': 2} | length }}|{{ {'a': 1, 'a': 2} }}|{{ {'b': 1, 'a': 2} | list }}|{{ {[1]: 2} }}
{{ 5 | length }}
{{ none | length }}
{{ none | list }}
{{ list | map(attribute='x') | list }}|{{ list | map(attribute='x') | map('default', 'd') | list }}
"""

FILTERS = r"""
{{ text | trim }}|{{ word | trim('ho') }}|{{ 5 | trim }}|{{ none | trim }}|{{ '\n x \n' | trim }}|{{ '--a--' | trim('-') }}|{{ nope | trim }}
{{ word | upper }}|{{ 'ABC' | lower }}|{{ 'hello wORLD' | capitalize }}|{{ "hello world's-end (foo) [bar]" | title }}|{{ 5 | upper }}|{{ none | lower }}|{{ true | upper }}
{{ word | replace('l', 'L') }}|{{ word | replace('l', 'L', 1) }}|{{ 123 | replace('2', 'x') }}|{{ word | replace(old='h', new='j') }}|{{ none | replace('N', 'n') }}
{{ nope | default('d') }}|{{ none | default('d') }}|{{ '' | default('d', true) }}|{{ none | d('x', true) }}|{{ 0 | default(5, boolean=true) }}|{{ nope.x | default('d') }}
{{ nope.x.y | default('d') }}
{{ word | center(11) }}|{{ 'a' | center(4) }}|{{ 'a' | center }}|
{{ xml | escape }}|{{ xml | e }}|{{ xml | safe }}|{{ xml | striptags }}|{{ 'a <b>c</b>  d <!-- x --> &amp; e' | striptags }}|{{ xml | forceescape }}|{{ none | e }}|{{ 5 | e }}
{{ xml | escape | upper }}|{{ xml | escape ~ '<b>' }}|{{ ('<a>' | escape) + '<b>' }}|{{ '<x>' | safe ~ '<y>' }}|{{ '<a>' | e | replace('a', '<') }}|{{ ['<a>' | e, '<b>'] | join(' ') }}|{{ ('<a>' | e) | length }}|{{ '<i>' | e | e }}
{{ 'a b&c/d?é😀' | urlencode }}|{{ {'a': 1, 'b c': 'd&e'} | urlencode }}|{{ [('x', 'y z')] | urlencode }}
{{ lines | indent }}|{{ lines | indent(2, true) }}|{{ lines | indent(2, blank=true) }}|{{ lines | indent(width='> ', first=true) }}|{{ 'a\nb\n' | indent(4) }}|{{ '' | indent(first=true) }}
{{ 'foo bar baz qux' | truncate(9) }}|{{ 'foo bar baz qux' | truncate(9, True) }}|{{ 'foo bar baz qux' | truncate(11) }}|{{ 'foo bar baz qux' | truncate(11, False, '...', 0) }}|{{ 'foo bar' | truncate(3, true, '') }}
{{ 'foo bar baz foo-bar' | wordcount }}|{{ accents | wordcount }}|{{ '' | wordcount }}
{{ 'The quick brown fox jumps over the lazy dog' | wordwrap(10) }}|{{ 'abcdefghijklmnop qr' | wordwrap(5) }}|{{ 'abcdefghijklmnop qr' | wordwrap(5, false) }}|{{ 'a b c d' | wordwrap(3, wrapstring=' / ') }}|{{ 'a\nb c-d e' | wordwrap(3) }}|{{ 'foo-bar baz' | wordwrap(6, break_on_hyphens=false) }}
{{ '%s, %s!' | format('a', 'b') }}|{{ '%05.1f' | format(3.14159) }}|{{ '%(x)s' | format(x=1) }}
{{ '%s' | format }}
{{ list | string }}|{{ word | list }}|{{ table | list }}|{{ (1, 2) | list }}|{{ range(3) | string }}
{{ word | string | length }}|{{ 5 | string ~ 'x' }}
{{ 'visit http://example.com/a?b=1 now' | urlize }}|{{ 'www.example.com' | urlize(10) }}
{{ {'class': 'x', 'id': none, 'n': 5, 'q': '"'} | xmlattr }}
{{ people | random is mapping }}
{{ word | batch(2) | list }}|{{ word | slice(2) | list }}
{{ word | map('upper') | join }}|{{ 'abc' | select('in', 'ac') | join }}|{{ 'banana' | unique | join }}|{{ 'hello' | sort | join }}|{{ 'Hello' | min }}
{{ 1 | default(2) + 3 }}|{{ -1 | abs }}|{{ 2 + 3 | string }}|{{ (2 + 3) | string ~ '!' }}|{{ 'a' ~ 'b' | upper }}|{{ not 'a' | upper }}|{{ 1 + 1 is even }}|{{ 2 * 3 is divisibleby 3 }}|{{ -2 ** 2 | abs }}
{{ [3, 1] | sort | first | string | length }}|{{ list | sort(reverse=True) | join(' > ') }}|{{ word | list | reverse | join }}
{% filter upper %}shout {{ word }}{% endfilter %}|{% filter replace('a', 'b') | trim %}  banana  {% endfilter %}
{% set x | upper %}block {{ word }}{% endset %}{{ x }}|{% set y %}  kept  {% endset %}[{{ y }}]|{{ y | length }}
"""

STATEMENTS = r"""
{% for x in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}
{% for x in list %}{{ loop.previtem }}<{{ x }}<{{ loop.nextitem }};{% endfor %}|{% for x in list %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }};{% endfor %}
{% for x in list %}{{ loop.cycle('odd', 'even') }} {% endfor %}|{% for x in [1, 1, 2, 2, 1] %}{{ loop.changed(x) }} {% endfor %}|{% for x in list %}{{ loop.depth }}{{ loop.depth0 }}{% for y in list %}{{ loop.depth }}{% endfor %}{% endfor %}
{% for x in none_list %}x{% else %}empty{% endfor %}|{% for x in list %}{{ x }}{% else %}empty{% endfor %}|{% for x in nope %}x{% else %}undefined{% endfor %}
{% for x in nothing %}x{% endfor %}
{% for x in 5 %}x{% endfor %}
{% for x in list if x > 1 %}{{ x }}/{{ loop.length }}{{ loop.index }};{% endfor %}|{% for x in list if x > 9 %}{{ x }}{% else %}none{% endfor %}
{% for m in messages if m.role == 'user' %}{{ loop.index }}{{ loop.last }};{% endfor %}|{% for m in messages[1:] %}{{ m.role }},{% endfor %}|{% for m in messages[::-1] %}{{ m.role }},{% endfor %}|{% for m in messages | reverse %}{{ m.role[0] }}{% endfor %}
{% for a, b in [(1, 2), [3, 4], 'xy'] %}{{ a }}{{ b }};{% endfor %}|{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}
{% for a, b in [(1, 2, 3)] %}{{ a }}{% endfor %}
{% for a, b in [1] %}{{ a }}{% endfor %}
{% for c in word %}{{ c }}.{% endfor %}|{% for c in emoji %}{{ c }}.{% endfor %}|{% for k in table %}{{ k }}{% endfor %}|{% for i in range(3) %}{{ i }}{% endfor %}
{% for x in list %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}|{% for x in list %}{{ x }}{% if x == 1 %}{% break %}{% endif %}{% endfor %}|{% for x in list %}[{{ x }}{% if loop.first %}{% continue %}{% endif %}]{% endfor %}
{% for x in list %}{% for y in list %}{% if y == 1 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{% endfor %}|{% for x in list %}{% if loop.index == 2 %}{% set y = 5 %}{% continue %}{% endif %}{{ y }}{% else %}e{% endfor %}
{% for m in messages %}<{{ m.content }}{% if loop.index == 2 %}>{% break %}{% endif %}>{% endfor %}.
{% for n in [{'n': 'a', 'c': [{'n': 'b', 'c': []}, {'n': 'd', 'c': [{'n': 'e', 'c': []}]}]}] recursive %}{{ n.n }}{{ loop.depth }}{% if n.c %}({{ loop(n.c) }}){% endif %}{% endfor %}
{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }};{% endfor %}{{ x }}|{% set ns = namespace(x=1, found=false) %}{% for i in [1, 2] %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}{{ ns.found }}
{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}{{ ns.c is defined }}|{% set ns.c = [1] %}{{ ns.c }}
{% set table.x = 1 %}
{% set a, b = 1, 2 %}{{ a }}{{ b }}|{% set a, b = [3, 4] %}{{ a + b }}|{% set (a, b) = (5, 6) %}{{ a }}{{ b }}|{% set c = 1, 2 %}{{ c }}
{% if yes %}a{% elif no %}b{% else %}c{% endif %}|{% if no %}a{% elif yes %}b{% else %}c{% endif %}|{% if no %}a{% elif 0 %}b{% else %}c{% endif %}|{% if nope %}a{% endif %}|{% if none_list %}a{% endif %}{% if '0' %}z{% endif %}{% if 0.0 %}f{% endif %}
{% if true %}{% set inner = 'set in if' %}{% endif %}{{ inner }}|{% for x in [1] %}{% set loopvar = 2 %}{% endfor %}{{ loopvar is defined }}|{% with %}{% set w = 1 %}{% endwith %}{{ w is defined }}
{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}|{% with a = 5 %}{% with b = a %}{{ b }}{% endwith %}{% endwith %}|{% set a = 9 %}{% with a = 1, b = a %}{{ b }}{% endwith %}
{% macro f(a, b=2, c='x') %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(1) }}|{{ f(1, 3) }}|{{ f(1, c='y') }}|{{ f(b=5, a=4) }}|{{ f() }}
{% macro f(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, 3, k=4) }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f(b=2) }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f.name }}|{{ f.arguments }}|{{ f.catch_kwargs }}{{ f.catch_varargs }}{{ f.caller }}|{{ f is callable }}
{% macro f() %}[{{ caller() }}]{% endmacro %}{% call f() %}inside {{ word }}{% endcall %}|{% macro g() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b) g() %}{{ a }}-{{ b }}{% endcall %}
{% macro rec(n) %}{{ n }}{% if n > 0 %},{{ rec(n - 1) }}{% endif %}{% endmacro %}{{ rec(3) }}|{{ rec(2) | length }}|{{ rec(1) ~ '!' }}
{% macro outer(x) %}{% set y = x * 2 %}{{ y }}{{ word }}{% endmacro %}{{ outer(2) }}{{ y is defined }}|{% set g = 'global' %}{% macro m() %}{{ g }}{% endmacro %}{{ m() }}
{% macro f(x=[]) %}{{ x }}{% endmacro %}{{ f() }}{{ f([1]) }}|{% macro d(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ d(1) }}
{% raw %}{{ not }} {% parsed %}{% endraw %}|{%- raw -%}  x  {%- endraw -%}  y|{# comment #}a{#- trimmed -#}  b
{{ 'a' }}  {{- 'b' }}  {{ 'c' -}}  d|{%- if true -%}  x  {%- endif -%}  y|{{- ' z ' -}}
a{% if true %} b {% endif %} c|a {%- if true %} b {%- endif %} c|a{% if true -%} b {% endif -%} c
a\n{% if true %}\nb\n{% endif %}\nc|  {% if true %}x{% endif %}\n  {{ 1 }}\n\n{% set q = 1 %}\n\nd
  {%+ if true %}x{% endif %}\n {%+ set z = 1 +%}\ny|{# c #}\nafter|  {# c #}\nx
line1\n    {% for x in list %}\n        item {{ x }}\n    {% endfor %}\nend\n
{% for x in list -%}\n  {{ x }}\n{%- endfor %}|{% for x in list +%}\n{{ x }}{% endfor %}|{{ 1 }}\n{{ 2 }}\n
\n\n  {% if true %}\n\n  a\n\n  {% endif %}\n\n  b
{% set j = joiner(', ') %}{% for x in list %}{{ j() }}{{ x }}{% endfor %}|{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.current }}
{% block title %}in {{ word }}{% endblock %}|{% block other scoped %}x{% endblock other %}
{% autoescape true %}{{ xml }}{{ xml | safe }}{% endautoescape %}{{ xml }}|{% autoescape true %}{{ '<' ~ '>' }}{{ '<' + '>' }}{% endautoescape %}
{{ raise_exception('stop it') }}
{% include 'x' %}
{% import 'x' as y %}
{% extends 'x' %}
{% do list.append(1) %}
{% nosuchtag %}
{% if %}x{% endif %}
{% for x in list %}x
{{ 'unclosed }}
{{ a b }}
{{ 1 + }}
{% endif %}
{{ [1, 2 }}
{% set 5 = 1 %}
{{ strftime_now('%Y') | length }}|{{ strftime_now is defined }}|{{ strftime_now is callable }}
{% generation %}a{{ word }}{% endgeneration %}b|{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% endif %}{% endfor %}
{% generation %}\n  x\n{% endgeneration %}\ny|  {%- generation -%}  z  {%- endgeneration -%}  w
{% for i in [1, 2] %}{{ i }}{% break %}{% else %}E{% endfor %}|{% for i in [1, 2] %}{{ i }}{% continue %}{% else %}E{% endfor %}|{% for i in [1, 2] %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% else %}E{% endfor %}
{% for m in messages %}{% if m.role == 'system' %}{{ m.content }}{% break %}{% endif %}{% else %}none{% endfor %}|{% for i in [1, 2] recursive %}{% break %}{% else %}E{% endfor %}
{{ list | truncate(5) }}|{{ nested | truncate }}|{{ people[0].tags | truncate(5, true) }}
{{ list | truncate(3, false, '', -1) }}
{{ mixed | truncate(3, false, '', 0) }}
{{ "'city': 'Rome', 'tags': ['x', 'y'], 'address'" | wordwrap(6) }}|{{ 'abc defghijkl' | wordwrap(4) }}
{{ self }}
{{ loop }}
{{ loop is defined }}|{{ messages is defined }}|{{ tools is defined }}|{{ documents is defined }}|{{ range is defined }}|{{ namespace is defined }}|{{ true is defined }}|{{ True }}{{ False }}{{ None }}{{ true }}{{ false }}{{ none }}
{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ loop.index0 }}{% endif %}{% endfor %}
{% for m in messages %}{% if m.content is string %}{{ m.content | trim }}{% elif m.content is iterable and m.content is not none %}{% for p in m.content %}{% if p.type == 'text' %}{{ p.text }}{% else %}<{{ p['type'] }}>{% endif %}{% endfor %}{% else %}-{% endif %};{% endfor %}
{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}{% if m.content %}{{ m.content }}{% endif %}{% if m.tool_calls %}{% for c in m.tool_calls %}{% set f = c.function %}{{ '\n<tool_call>\n{"name": "' + f.name + '", "arguments": ' + f.arguments | tojson + '}\n</tool_call>' }}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}
{% set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}{% for message in messages[::-1] %}{% set index = (messages|length - 1) - loop.index0 %}{% if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}{% set ns.multi_step_tool = false %}{% set ns.last_query_index = index %}{% endif %}{% endfor %}{{ ns.last_query_index }}
{% for k, v in tools[0].function.parameters.properties.items() %}{{ k }}: {{ v.type | upper }}{% if not loop.last %}, {% endif %}{% endfor %}|{% for k, v in messages[2].tool_calls[0].function.arguments | items %}{{ k }}={{ v }} {% endfor %}|{% for k, v in messages[2].tool_calls[0].function.arguments.items() %}{{ v | tojson if v is mapping or (v is sequence and v is not string) else v | string }} {% endfor %}
{% macro render_type(t) %}{% if t is string %}{{ t }}{% elif t is mapping %}{{ '{' }}{% for k, v in t | dictsort %}{{ k }}: {{ render_type(v) }}{{ ', ' if not loop.last }}{% endfor %}{{ '}' }}{% elif t is iterable %}[{% for x in t %}{{ render_type(x) }}{{ ',' if not loop.last }}{% endfor %}]{% else %}{{ t | string }}{% endif %}{% endmacro %}{{ render_type(tools[0]) }}{{ render_type(mixed) }}
{%- if messages[0]['role'] == 'system' -%}{%- set system_message = messages[0]['content'] | trim -%}{%- set loop_messages = messages[1:] -%}{%- else -%}{%- set loop_messages = messages -%}{%- endif -%}[{{ system_message }}]{{ loop_messages | length }}
{% set content = messages[4].content %}{% if '</think>' in content %}{% set reasoning = content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}{% set content = content.split('</think>')[-1].lstrip('\n') %}{% endif %}[{{ reasoning }}][{{ content }}]
{{ messages[2].content or '' }}|{{ messages[2].content }}|{{ messages[2].content is none }}|{{ messages[2]['content'] is not none }}|{{ messages[2].reasoning_content is defined and messages[2].reasoning_content is not none }}|{{ messages[2].get('content', 'd') }}
{% set x = {} %}{% set x = dict(x, a=1) %}{{ x }}|{% set l = [] %}{% set l = l + [1] %}{{ l }}|{% set s = '' %}{% for i in [1,2] %}{% set s = s ~ i %}{% endfor %}[{{ s }}]
{{ (messages | selectattr('role', 'equalto', 'tool') | list)[0].content }}|{{ (messages | last).role }}|{{ messages[-1]['content'][0]['text'] }}|{{ messages[-1].content | selectattr('type', 'eq', 'image') | list | length }}
{% if tools is defined and tools is not none and tools | length > 0 %}{{ tools[0]['function']['name'] }}{% endif %}|{% if documents %}d{% endif %}|{{ documents is none }}
"""

GROUPS = {
    "string methods": STRING_METHODS,
    "numbers": NUMBERS,
    "lists and dicts": LISTS_AND_DICTS,
    "filters": FILTERS,
    "statements": STATEMENTS,
}

import { describe, expect, test } from "vitest";
import { scanBytes } from "../../../test/scan-bytes.js";

const scan = (template: string) => scanBytes("prompt.j2", new TextEncoder().encode(template));

describe("ways out of the template, however the name is made", () => {
  test.each([
    ["plain", "{{ cycler.__init__.__globals__.os.popen('id').read() }}"],
    ["subclasses walk", "{% for c in ().__class__.__base__.__subclasses__() %}{{ c() }}{% endfor %}"],
    ["item", "{{ x['__class__'] }}"],
    ["hex escapes", String.raw`{{ ''|attr('\x5f\x5fclass\x5f\x5f') }}`],
    ["unicode escapes", String.raw`{{ ''|attr('\u005f\u005fclass\u005f\u005f') }}`],
    ["octal escapes", String.raw`{{ ''|attr('\137\137class\137\137') }}`],
    ["tilde", "{% set u = '_' ~ '_' %}{{ joiner|attr(u ~ 'ini' ~ 't' ~ u) }}"],
    ["plus", "{{ x['__gl' + 'obals__'] }}"],
    ["implicit concatenation", "{{ x['__gl' 'obals__'] }}"],
    ["join filter", "{{ namespace|attr(['_','_','init','_','_']|join) }}"],
    ["join method", "{{ namespace|attr(''.join(['__in', 'it__'])) }}"],
    ["percent format", "{{ lipsum|attr('%c%c%s%c%c'|format(95,95,'globals',95,95)) }}"],
    ["percent operator", "{{ lipsum|attr('%s%s' % ('__glo', 'bals__')) }}"],
    ["format method", "{{ lipsum|attr('{0}{0}globals{0}{0}'.format('_')) }}"],
    ["slice", "{% set k = '__slabolg__'[::-1] %}{{ self[k] }}"],
    ["reverse filter", "{{ self|attr('__slabolg__'|reverse) }}"],
    ["replace", "{{ x['qqclassqq'|replace('q', '_')] }}"],
    ["lower", "{{ x|attr('__CLASS__'|lower) }}"],
    ["upper method", "{{ x|attr('__CLASS__'.lower()) }}"],
    ["map attribute", "{{ [self]|map(attribute='_' ~ '_init_' ~ '_')|list }}"],
    ["map attribute path", "{{ [x]|map(attribute='a.__class__')|list }}"],
    ["map attr filter", "{{ [x]|map('attr', '__class__')|list }}"],
    ["selectattr", "{{ [x]|selectattr('__class__.__name__')|list }}"],
    ["groupby", "{{ [x]|groupby('__class__') }}"],
    ["loop variable", "{% for a in ['__class__', '__base__'] %}{{ x[a] }}{% endfor %}"],
    ["dict look-up", "{% set d = {'a': '__class__'} %}{{ x[d.a] }}"],
    ["dict call", "{% set d = dict(a='__class__') %}{{ x[d['a']] }}"],
    ["namespace member", "{% set ns = namespace(k='__class__') %}{{ x[ns.k] }}"],
    ["namespace set later", "{% set ns = namespace() %}{% set ns.k = '__class__' %}{{ x[ns.k] }}"],
    ["set block", "{% set k %}__class__{% endset %}{{ x[k] }}"],
    ["choice", "{{ x['__class__' if a else 'b'] }}"],
    ["set in two branches", "{% if a %}{% set k = 'b' %}{% else %}{% set k = '__class__' %}{% endif %}{{ x[k] }}"],
    ["repeat", "{{ x['_' * 2 ~ 'class' ~ '_' * 2] }}"],
    ["frame attributes", "{{ x.gi_frame.f_back }}"],
    ["in a condition", "{% if x.__class__ %}{% endif %}"],
    ["in a macro default", "{% macro m(a=x.__class__) %}{% endmacro %}"],
    ["in a test argument", "{{ 1 is divisibleby(x.__class__) }}"],
    ["in an argument", "{{ raise_exception(x.__class__) }}"],
    ["after an unclosed tag", "{{ ] }}{{ x.__class__ }}"],
    ["whitespace control", "{%- if true -%}{{- x.__class__ -}}{%- endif -%}"],
    ["filter block", "{% filter attr('__class__') %}x{% endfilter %}"],
    ["generation block", "{% generation %}{{ x.__class__ }}{% endgeneration %}"],
  ])("%s", async (_, template) => {
    const { worst, rules } = await scan(template);
    expect(rules).toContain("S1350");
    expect(worst).toBe("critical");
  });
});

test("an attribute name that cannot be known is a warning", async () => {
  expect((await scan("{{ x|attr(messages[0].content) }}")).rules).toEqual(["S1351"]);
});

test.each([
  ["one loop", "{% for a in range(99999999) %}{% endfor %}"],
  ["nested loops", "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"],
  ["a list of it", "{{ range(10 ** 9)|list }}"],
])("a template that never ends: %s", async (_, template) => {
  expect((await scan(template)).rules).toEqual(["S1352"]);
});

test("commands behind any object", async () => {
  expect((await scan("{{ tools[0].popen('id') }}")).worst).toBe("critical");
});

describe("honest templates are clean", () => {
  test.each([
    ["code as data", "{{ '```python\\nimport os; os.system(\"ls\"); x.__class__\\n```' }} use __class__ and subprocess.popen('x')"],
    [
      "roles",
      "{% for m in messages %}{% if m['role'] == 'user' %}{{ m.content | trim }}{% elif m.role not in ['a', 'b'] %}{{ raise_exception('no') }}{% endif %}{% endfor %}",
    ],
    ["namespace", "{%- set ns = namespace(multi=true, i=messages|length - 1) %}{% set ns.multi = false %}{{ ns.i }}"],
    ["methods", "{{ content.split('</think>')[-1].lstrip('\\n') }}{{ x.items() }}{{ a.get('b', {}) }}{{ strftime_now('%d %b %Y') }}"],
    [
      "slices and tests",
      "{% for m in messages[::-1] %}{{ loop.index0 }}{% if m.content is string and not (m.x is defined) %}{% endif %}{% endfor %}",
    ],
    [
      "filters",
      "{{ tools | tojson(indent=4) }}{{ messages|selectattr('role', 'equalto', 'user')|list }}{{ x|map(attribute='name')|join(', ') }}{{ d|dictsort }}",
    ],
    ["macros", "{% macro render(tool, indent=2) -%}{{ tool.name }}{%- endmacro %}{{ render(tools[0]) }}"],
    ["dynamic item", "{{ params[name] }}{% for k, v in params.items() %}{{ params[k] }}{% endfor %}"],
    ["raw", "{% raw %}{{ x.__class__ }}{% endraw %}"],
    ["comment", "{# {{ x.__class__ }} #}"],
    ["string with closing braces", "{{ '}}' }}{{ {'a': {'b': 1}}.a }}"],
    ["conditional expression", "{{ '' if loop.last else '\\n' }}{{ (a or b) and not c }}"],
    ["tuple target", "{% for (a, b) in pairs %}{{ a ~ b }}{% endfor %}"],
    ["break and continue", "{% for a in b %}{% if a %}{% break %}{% else %}{% continue %}{% endif %}{% endfor %}"],
    ["call block", "{% call(item) list(items) %}{{ item }}{% endcall %}"],
    ["with", "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}"],
    ["no tags", "just text with { braces } and 100 %"],
    ["Go template", "{{ if .System }}<|system|>{{ .System }}{{ end }}{{ range $i, $m := .Messages }}{{ $m.Content }}{{ end }}"],
  ])("%s", async (_, template) => {
    const { outcome, rules, records } = await scan(template);
    expect(records.flatMap((record) => record.gaps)).toEqual([]);
    expect(rules).toEqual([]);
    expect(outcome).toBe("clean");
  });
});

test("a template that is not understood is not clean", async () => {
  expect((await scan("{{ a b c }}")).outcome).toBe("inconclusive");
  expect((await scan("{% nonsense %}")).outcome).toBe("inconclusive");
});

test("deep nesting neither hangs nor crashes", async () => {
  expect((await scan(`{{ ${"(".repeat(100_000)} }}`)).outcome).toBe("inconclusive");
  expect((await scan(`{{ ${"-".repeat(100_000)}1 }}`)).outcome).toBe("inconclusive");
  expect((await scan(`{{ x${".a".repeat(100_000)} }}`)).outcome).toBe("clean");
}, 20_000);

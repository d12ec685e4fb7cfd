"""Values of the standard library at every protocol: what people put in a pickle without any machine learning."""

import argparse
import array
import asyncio
import builtins
import bz2
import collections
import configparser
import dataclasses
import datetime
import decimal
import email.mime.text
import enum
import fractions
import functools
import http.cookies
import inspect
import io
import ipaddress
import itertools
import json
import logging
import lzma
import operator
import pathlib
import pickle
import random
import re
import signal
import socket
import sqlite3
import ssl
import string
import subprocess
import time
import traceback
import types
import typing
import urllib.error
import uuid
import xml.etree.ElementTree
import zipfile
import zlib
import zoneinfo

from .saving import Folder, gzipped

PROTOCOLS = range(6)


def values():
    shared = [1, 2, 3]
    loop = {"name": "loop"}
    loop["self"] = loop
    list_loop = [1]
    list_loop.append(list_loop)
    many = {f"key {i}": {"id": i, "text": f"value {i}" * 3, "score": i / 7} for i in range(2000)}
    ordered_loop = collections.OrderedDict()
    ordered_loop["self"] = ordered_loop
    tuple_loop = ([],)
    tuple_loop[0].append(tuple_loop)
    noted = ValueError("bad", 3)
    noted.__notes__ = ["seen in batch 7"]
    config = configparser.ConfigParser()
    config.read_dict({"train": {"rate": "0.1"}})
    yield from {
        "none": None,
        "booleans": [True, False],
        "integers": [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, -(2**31), 2**63, -(2**63), 2**2000, -(2**2039)],
        "floats": [0.0, -0.0, 1.5, float("inf"), float("-inf"), float("nan"), 1e-320, 1e308],
        "complex": [1j, 2 + 3j],
        "text": ["", "plain", "line\nbreak", "tab\t", "quote ' \" \\", "Zürich 中文 🎉", "\ud800 lone", "\x00\x1a", "a" * 70_000],
        "bytes": [b"", b"plain", bytes(range(256)), b"x" * 70_000],
        "bytearray": bytearray(range(256)),
        "lists": [[], [1], list(range(3000)), [[[]]]],
        "tuples": [(), (1,), (1, 2), (1, 2, 3), tuple(range(100)), ((((),),),)],
        "sets": [set(), {1, 2}, set("abcdef"), frozenset(), frozenset({1, 2})],
        "dicts": [{}, {"a": 1}, {1: {2: {3: {}}}}, dict.fromkeys(range(3000))],
        "shared": [shared, shared, {"again": shared}],
        "loop": loop,
        "list_loop": list_loop,
        "deep": functools.reduce(lambda inner, _: [inner], range(200), []),
        "many_dicts": many,
        "ordered_dict": collections.OrderedDict(a=1, b=2),
        "defaultdict_int": collections.defaultdict(int, a=1),
        "defaultdict_list": collections.defaultdict(list, a=[1]),
        "defaultdict_dict": collections.defaultdict(dict, a={}),
        "defaultdict_nested": {"x": collections.defaultdict(set, a={1})},
        "counter": collections.Counter("mississippi"),
        "deque": collections.deque([1, 2, 3], maxlen=5),
        "chain_map": collections.ChainMap({"a": 1}, {"b": 2}),
        "user_dict": collections.UserDict(a=1),
        "user_list": collections.UserList([1]),
        "user_string": collections.UserString("text"),
        "dates": [
            datetime.date(2026, 11, 24),
            datetime.time(1, 2, 3, 4),
            datetime.datetime(2026, 11, 24, 1, 2, 3),
            datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc),
            datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone(datetime.timedelta(hours=2), "zone")),
            datetime.timedelta(days=1, seconds=2),
        ],
        "zone": datetime.datetime(2026, 11, 24, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
        "struct_time": time.gmtime(0),
        "decimals": [decimal.Decimal("1.50"), decimal.Decimal("NaN"), decimal.Decimal("1E+999")],
        "decimal_context": decimal.Context(prec=12),
        "fractions": fractions.Fraction(3, 7),
        "uuids": [uuid.UUID(int=7), uuid.UUID("12345678123456781234567812345678")],
        "paths": [pathlib.Path("models/a.pt"), pathlib.PurePosixPath("/data"), pathlib.PureWindowsPath("C:/data")],
        "addresses": [ipaddress.ip_address("10.0.0.1"), ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_interface("::1/64")],
        "regex": [re.compile(r"\w+", re.I), re.compile(rb"[a-z]+")],
        "regex_flags": re.I | re.M,
        "random": random.Random(7),
        "random_state": random.Random(7).getstate(),
        "arrays": [array.array("d", [1.0, 2.0]), array.array("i", range(100)), array.array("b")],
        "ranges": [range(10), range(0, 100, 3), slice(1, None, 2)],
        "namespace": argparse.Namespace(learning_rate=0.1, layers=[1, 2], nested=argparse.Namespace(a=1)),
        "simple_namespace": types.SimpleNamespace(a=1),
        "exceptions": [ValueError("bad"), KeyError("k"), OSError(2, "missing"), UnicodeDecodeError("utf-8", b"x", 0, 1, "why")],
        "types": [int, str, list, dict, type(None), object, collections.OrderedDict],
        "builtin_functions": [len, sum, min, max, sorted, abs],
        "singletons": [Ellipsis, NotImplemented],
        "partial_int": functools.partial(int, base=2),
        "partial_namespace": functools.partial(dict, a=1),
        "itemgetter": operator.itemgetter(1, 2),
        "attrgetter_like": operator.itemgetter("name"),
        "byte_buffer": io.BytesIO(b"data"),
        "text_buffer": io.StringIO("text"),
        "http_words": {"url": "https://example.com/model.bin", "command": "os.system('ls')", "code": "import os; eval(x)"},
        "vocabulary": {word: i for i, word in enumerate(["eval", "exec", "os", "system", "subprocess", "import", "cos\nsystem\n"])},
        "pickle_like_bytes": [b"\x80\x04\x95", b"cos\n", bytes([0x2E, 0x52]) * 50],
        "inner_pickle": pickle.dumps({"plain": [1, 2, 3]}),
        "inner_zlib": zlib.compress(b"x" * 1000),
        "logger": logging.getLogger("model"),
        "bound_methods": [str.upper, "text".split, [].append],
        "counter_of_dates": collections.Counter([datetime.date(2026, 1, 1)]),
        "iterators": [iter([1, 2]), iter({"a": 1}), iter("abc"), iter((1, 2)), reversed([1, 2]), enumerate("ab"), iter(range(3))],
        "generic_alias": [list[int], dict[str, int]],
        "count": itertools.count(3),
        "cycle_chain": [itertools.chain([1], [2]), itertools.repeat(1, 3), itertools.product("ab", [1])],
        "template": string.Template("hello $name"),
        "dataclass_field_types": [dataclasses.MISSING.__class__, enum.Enum],
        "mapping_proxy_source": dict(types.MappingProxyType({"a": 1})),
        "deep_lists": functools.reduce(lambda inner, _: [inner], range(280), []),
        "million": list(range(1_000_000)),
        "ordered_loop": ordered_loop,
        "tuple_loop": tuple_loop,
        "noted": noted,
        "library_exceptions": [
            subprocess.CalledProcessError(1, "train"),
            json.JSONDecodeError("why", "text", 0),
            urllib.error.URLError("gone"),
            zipfile.BadZipFile("broken"),
            ssl.SSLError(1, "x"),
            sqlite3.OperationalError("locked"),
            asyncio.CancelledError(),
            configparser.NoSectionError("train"),
            pickle.UnpicklingError("cut"),
            decimal.InvalidOperation("x"),
        ],
        "groups": [ExceptionGroup("two", [ValueError(1), KeyError(2)])] if hasattr(builtins, "ExceptionGroup") else [],
        "members": [http.HTTPStatus.OK, signal.SIGTERM, socket.AF_INET, ssl.TLSVersion.TLSv1_2, inspect.Parameter.KEYWORD_ONLY],
        "config": config,
        "element": xml.etree.ElementTree.fromstring("<a b='1'><c/></a>"),
        "record": logging.LogRecord("train", 10, "a.py", 1, "text", (), None),
        "message": email.mime.text.MIMEText("text"),
        "cookie": http.cookies.SimpleCookie("a=b"),
        "stack": traceback.extract_stack(),
        "annotations": [typing.Optional[int], typing.Callable[[int], str], collections.abc.Callable[[int], str], typing.Literal["a"]],
        "surrogates": ["\ud800", "\udfff\ud800", "a\udcff"],
        "networks": [ipaddress.ip_address("fe80::1%eth0"), ipaddress.ip_network("fe80::/64")],
    }.items()


def write(folder: Folder):
    for name, value in values():
        folder.pickles(name, value, PROTOCOLS)
    for protocol in PROTOCOLS:
        whole = pickle.dumps(dict(v for v in values() if v[0] in ("text", "dicts", "dates", "many_dicts")), protocol=protocol)
        folder.bytes(f"compressed.p{protocol}.pkl.gz", lambda: gzipped(whole))
        folder.bytes(f"compressed.p{protocol}.pkl.bz2", lambda: bz2.compress(whole))
        folder.bytes(f"compressed.p{protocol}.pkl.xz", lambda: lzma.compress(whole))
        folder.bytes(f"compressed.p{protocol}.pkl.lzma", lambda: lzma.compress(whole, format=lzma.FORMAT_ALONE))
        folder.bytes(f"compressed.p{protocol}.pkl.zlib", lambda: zlib.compress(whole))
        folder.bytes(f"several.p{protocol}.pkl", lambda: b"".join(pickle.dumps(x, protocol) for x in (1, [2], {"a": 3})))
        folder.bytes(f"newline.p{protocol}.pkl", lambda: pickle.dumps({"a": 1}, protocol) + b"\n")
        folder.bytes(f"no_extension_p{protocol}", lambda: pickle.dumps({"weights": [0.5] * 100}, protocol))
        folder.bytes(f"odd_extension.p{protocol}.sav", lambda: pickle.dumps({"weights": [0.5] * 100}, protocol))
    optimised = __import__("pickletools").optimize
    folder.bytes("optimised.pkl", lambda: optimised(pickle.dumps(dict(values())["dates"], 4)))
    folder.bytes("python_written.pkl", lambda: pickle._dumps({"a": [1, (2, 3)], "b": b"x" * 100_000}, 4))
    folder.bytes("no_memo.pkl", lambda: _without_memo({"a": [1, 2], "b": "text"}))


def _without_memo(value):
    out = io.BytesIO()
    pickler = pickle.Pickler(out, 2)
    pickler.fast = True
    pickler.dump(value)
    return out.getvalue()

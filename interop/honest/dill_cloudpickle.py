"""Plain data written by dill and cloudpickle: the format of an attack, the content of a config file."""

import collections
import datetime
import enum

import cloudpickle
import dill
import numpy as np
import pandas as pd
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from . import standard_library
from .saving import Folder


class Colour(enum.Enum):
    RED = 1
    GREEN = "g"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Parts(enum.Flag):
    HEAD = 1
    TAIL = 2


class Settings:
    rate = 0.1
    layers = [1, 2]


class Words(dict):
    pass


class Broken(Exception):
    pass


def by_value():
    """Objects of classes of the main program, which both libraries write with their class. Classes without functions are data."""
    for cls in (Colour, Level, Parts, Settings, Words, Broken):
        cls.__module__ = "__main__"
    yield "member", {Colour.RED: 1, Colour.GREEN: 2}
    yield "level", [Level.HIGH, Level]
    yield "flags", Parts.HEAD | Parts.TAIL
    yield "settings", [Settings(), Settings]
    yield "words", Words(a=1)
    yield "broken", Broken("text")


def values():
    rng = np.random.RandomState(7)
    yield "config", {"rate": 0.1, "layers": [1, 2, 3], "name": "model", "when": datetime.datetime(2026, 11, 24)}
    yield "arrays", {"weights": rng.rand(4, 4), "bias": np.zeros(4, dtype="f4")}
    yield "frame", pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
    yield "model", LogisticRegression().fit(rng.rand(20, 3), np.arange(20) % 2)
    yield "scaler", StandardScaler().fit(rng.rand(20, 3))
    yield "state", collections.OrderedDict(weight=torch.zeros(2, 2), bias=torch.zeros(2))
    yield "network", torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())
    for name in ("text", "dates", "ordered_dict", "counter", "paths", "namespace", "regex", "types", "partial_int", "many_dicts", "sets"):
        yield f"standard_{name}", dict(standard_library.values())[name]


def write(folder: Folder):
    for library, dumps in (("dill", dill.dumps), ("cloudpickle", cloudpickle.dumps)):
        inner = folder.sub(library)
        for name, value in values():
            inner.pickles(name, value, (2, 3, 4, 5), dumps=dumps)
        for name, value in by_value():
            inner.pickles(f"by_value_{name}", value, (2, 3, 4, 5), dumps=dumps)
        point = collections.namedtuple("Point", "x y", module="__main__")
        if library == "dill":
            inner.pickles("by_value_point", point(1, 2), (2, 3, 4, 5), dumps=dumps)

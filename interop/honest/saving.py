"""What every writer of honest files needs: a folder that counts what was written and what a library refused."""

import gzip
import os
import pickle
import random
import warnings
from pathlib import Path


class Folder:
    """A place for files. `refused` holds what a library would not save: a fact about the library, not about us."""

    def __init__(self, root):
        self.root = Path(root)
        self.root.mkdir(parents=True, exist_ok=True)
        self.written = 0
        self.refused = []

    def sub(self, name):
        """A folder inside, counting into the same totals."""
        inner = Folder(self.root / name)
        inner.__dict__.update(refused=self.refused)
        inner.parent = self
        return inner

    def _count(self):
        self.written += 1
        parent = getattr(self, "parent", None)
        if parent is not None:
            parent._count()

    def path(self, name):
        return str(self.root / name)

    def save(self, name, write):
        """Lets `write(path)` make one file. A library that cannot save the value leaves no file behind."""
        path = self.path(name)
        try:
            write(path)
        except Exception as error:  # noqa: BLE001 - whatever a library raises when it cannot save
            self.refused.append(f"{self.root.name}/{name}: {type(error).__name__}: {str(error)[:100]}")
            if os.path.isfile(path):
                os.remove(path)
            return
        self._count()

    def bytes(self, name, make):
        """Writes what `make()` returns."""

        def write(path):
            data = make()
            with open(path, "wb") as out:
                out.write(data)

        self.save(name, write)

    def pickles(self, name, value, protocols=(2, 3, 4, 5), dumps=pickle.dumps, suffix="pkl"):
        """The value at each protocol, as `name.pN.pkl`."""
        for protocol in protocols:
            self.bytes(f"{name}.p{protocol}.{suffix}", lambda: dumps(value, protocol=protocol))


def plain_name(name):
    """A file name out of any text."""
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in str(name))


def quiet_and_repeatable(seed=20):
    """Same bytes on every run, as far as the libraries allow it, and no warnings about small data."""
    warnings.filterwarnings("ignore")
    random.seed(seed)
    try:
        import numpy

        numpy.random.seed(seed)
        numpy.seterr(all="ignore")
    except ImportError:
        pass


def gzipped(data):
    return gzip.compress(data, mtime=0)

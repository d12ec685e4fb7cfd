"""Files that the libraries ship as their own test data: written by old versions, in corners nobody would think of."""

import shutil
import sysconfig
from pathlib import Path

from .saving import Folder

SITE = Path(sysconfig.get_paths()["purelib"])

# Folders of test data inside the installed packages, and the suffixes taken from each.
SOURCES = {
    "joblib/test/data": None,
    "numpy/lib/tests/data": None,
    "numpy/_core/tests/data": (".pkl", ".npy"),
    "scipy/sparse/tests/data": None,
    "scipy/stats/tests/data": (".npy", ".npz", ".pkl"),
    "scipy/interpolate/tests/data": None,
    "scipy/special/tests/data": (".npz",),
    "scipy/spatial/tests/data": (".npz", ".npy"),
    "scipy/linalg/tests/data": (".npz", ".npy"),
    "scipy/fftpack/tests": (".npz",),
    "scipy/io/tests/data": None,
    "scipy/io/matlab/tests/data": (".mat",),
    "sklearn/datasets/data": None,
    "h5py/tests/data_files": (".h5", ".hdf5"),
}
NOT_DATA = {".py", ".pyc"}


def write(folder: Folder):
    for source, suffixes in SOURCES.items():
        inner = folder.sub(source.replace("/", "-"))
        for file in sorted((SITE / source).rglob("*")):
            if file.is_file() and file.suffix not in NOT_DATA and (suffixes is None or file.suffix in suffixes):
                inner.save(file.name, lambda path: shutil.copy(file, path))

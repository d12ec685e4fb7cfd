"""NumPy arrays and objects: .npy and .npz by version, pickles, and the random generators."""

import pickle

import joblib
import ml_dtypes
import numpy as np
from numpy.lib import format as npy

from .saving import Folder, plain_name

DTYPES = "? b B h H i I l L q Q e f d g F D G S5 U7 V4 m8[s] m8[D] M8[ns] M8[D] >f4 >i8 <u2".split()


def arrays():
    rng = np.random.default_rng(7)
    for code in DTYPES:
        kind = np.dtype(code)
        raw = np.zeros((3, 4), dtype=kind)
        if kind.kind in "iufcb":
            raw = (rng.random((3, 4)) * 10).astype(kind)
        yield f"dtype_{code}", raw
    yield "zero_dimensional", np.array(3.5)
    yield "empty", np.zeros((0, 3))
    yield "fortran", np.asfortranarray(rng.random((5, 6)))
    yield "strided", rng.random((10, 10))[::2, ::3]
    yield "negative_stride", np.arange(10)[::-1]
    yield "many_dimensions", np.zeros((1,) * 32)
    yield "large", rng.random((300, 300))
    yield "structured", np.zeros(4, dtype=[("name", "U10"), ("value", "f8"), ("inner", [("a", "i4"), ("b", "u1", (2, 2))])])
    yield "structured_aligned", np.zeros(4, dtype=np.dtype([("a", "i1"), ("b", "f8")], align=True))
    yield "structured_titles", np.zeros(2, dtype=[(("title", "a"), "i4"), ("b", "f4")])
    yield "structured_unicode", np.zeros(2, dtype=[("größe", "f4"), ("重さ", "i4")])
    yield "structured_offsets", np.zeros(2, dtype={"names": ["a", "b"], "formats": ["i4", "f8"], "offsets": [0, 16], "itemsize": 32})
    yield "subarray", np.zeros(3, dtype=("f4", (2, 2)))
    yield "record_array", np.rec.fromarrays([[1, 2], [0.5, 0.25]], names="a,b")
    yield "objects", np.array([1, "two", None, {"three": 3}], dtype=object)
    yield "objects_of_arrays", np.array([np.zeros(3), np.ones(2)], dtype=object)
    yield "objects_structured", np.array([(1, {"a": 1}), (2, None)], dtype=[("n", "i4"), ("o", "O")])
    yield "strings", np.array(["eval", "os.system", "import os", "中文"])
    yield "string_dtype", np.array(["variable", "width" * 30], dtype=np.dtypes.StringDType())
    yield "masked", np.ma.masked_array(rng.random((3, 3)), mask=np.eye(3, dtype=bool))
    yield "masked_structured", np.ma.masked_array(np.zeros(2, dtype=[("a", "i4"), ("b", "f4")]))
    yield "matrix", np.matrix([[1, 2], [3, 4]])
    yield "char_array", np.char.array(["a", "b"])
    yield "pickle_in_data", np.frombuffer(pickle.dumps({"inner": [1, 2]}), dtype=np.uint8)


def objects():
    for name in ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"):
        yield f"generator_{name}", np.random.Generator(getattr(np.random, name)(7))
        yield f"bit_generator_{name}", getattr(np.random, name)(7)
    yield "random_state", np.random.RandomState(7)
    yield "random_state_tuple", np.random.RandomState(7).get_state()
    yield "seed_sequence", np.random.SeedSequence(7)
    yield "dtypes", [np.dtype(code) for code in DTYPES] + [np.dtype([("a", "i4"), ("b", "O")]), np.dtype(object)]
    yield "dtype_metadata", np.dtype("f4", metadata={"unit": "m"})
    yield "scalar_types", [np.float32, np.int8, np.bool_, np.str_, np.datetime64]
    yield "scalars", [np.float64(1.5), np.int8(3), np.bool_(True), np.complex64(1j), np.str_("text"), np.bytes_(b"x"), np.datetime64("2026-11-24"), np.timedelta64(3, "s")]
    yield "void_scalar", np.zeros(1, dtype=[("a", "i4"), ("b", "f4")])[0]
    yield "ufuncs", [np.add, np.exp, np.log1p, np.expm1, np.sqrt, np.maximum]
    yield "functions", [np.mean, np.median, np.argmax, np.linalg.norm]
    yield "polynomials", [np.polynomial.Polynomial([1, 2]), np.polynomial.Chebyshev([1, 2, 3]), np.poly1d([1, 2])]
    yield "masked_constants", [np.ma.masked, np.ma.nomask]
    yield "nested", {"weights": [np.zeros(3), np.ones((2, 2))], "shared": (lambda a: [a, a, a[1:]])(np.arange(5))}
    yield "memory_order", {"c": np.zeros((3, 4)), "f": np.zeros((3, 4), order="F")}
    yield "finfo", [np.finfo(np.float32).eps, np.iinfo(np.int8).max]
    yield "error_class", [np.linalg.LinAlgError("singular"), np.exceptions.AxisError(1, 2)]


def write(folder: Folder):
    everything = dict(arrays())
    for name, array in everything.items():
        name = plain_name(name)
        folder.save(f"{name}.npy", lambda path: np.save(path, array, allow_pickle=True))
        folder.save(f"{name}.npz", lambda path: np.savez(path, array, again=array))
        folder.save(f"{name}.compressed.npz", lambda path: np.savez_compressed(path, data=array))
        for version in ((1, 0), (2, 0), (3, 0)):
            folder.save(f"{name}.v{version[0]}.npy", lambda path: _save_version(path, array, version))
        folder.pickles(name, array, range(6))
        folder.save(f"{name}.joblib", lambda path: joblib.dump({"before": array, "after": "text"}, path))
    for kind in (ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.int4):
        array = np.ones((3, 2), dtype=kind)
        folder.pickles(kind.__name__, array, (2, 4))
        folder.save(f"{kind.__name__}.joblib", lambda path: joblib.dump([array, 1], path))
    for name, value in objects():
        folder.pickles(name, value, range(6))
    folder.save("dump_method.pkl", lambda path: everything["large"].dump(path))
    folder.save("several.npz", lambda path: np.savez(path, **{f"layer.{i}.weight": np.zeros((i, i)) for i in range(40)}))
    folder.save("several_in_one.npy", lambda path: _save_several(path))
    folder.save("memory_map.npy", lambda path: np.lib.format.open_memmap(path, mode="w+", dtype="f4", shape=(7, 9)).flush())


def _save_version(path, array, version):
    with open(path, "wb") as out:
        npy.write_array(out, np.asarray(array), version=version)


def _save_several(path):
    with open(path, "wb") as out:
        for i in range(3):
            np.save(out, np.arange(i + 2))

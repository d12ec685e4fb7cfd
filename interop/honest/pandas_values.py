"""pandas objects of many types, pickled by to_pickle in each compression and by pickle."""

import decimal

import numpy as np
import pandas as pd

from .saving import Folder

COMPRESSIONS = {"gz": "gzip", "bz2": "bz2", "zip": "zip", "xz": "xz", "zst": "zstd", "tar": "tar", "tar.gz": "tar"}


def values():
    rng = np.random.default_rng(7)
    dates = pd.date_range("2026-01-01", periods=6, freq="D")
    zoned = dates.tz_localize("Europe/Berlin")
    frame = pd.DataFrame(
        {
            "whole": np.arange(6),
            "real": rng.random(6),
            "text": list("abcdef"),
            "flag": [True, False] * 3,
            "when": dates,
            "where": zoned,
            "kind": pd.Categorical(list("aabbcc")),
            "maybe": pd.array([1, None, 3, 4, 5, 6], dtype="Int64"),
            "span": pd.to_timedelta(np.arange(6), "h"),
            "mixed": [1, "two", None, 4.0, [5], {"six": 6}],
        }
    )
    yield "frame", frame
    yield "empty_frame", pd.DataFrame()
    yield "wide_frame", pd.DataFrame(rng.random((20, 200)), columns=[f"c{i}" for i in range(200)])
    yield "mixed_blocks", frame[["whole", "real", "flag"]].copy()
    yield "grouped_columns", pd.DataFrame(rng.random((4, 4)), columns=pd.MultiIndex.from_product([["a", "b"], [1, 2]]))
    yield "indexed", frame.set_index("when")
    yield "indexed_twice", frame.set_index(["kind", "whole"])
    yield "transposed", frame[["whole", "real"]].T
    yield "sparse", pd.DataFrame({"a": pd.arrays.SparseArray([0, 0, 1, 0])})
    yield "nullable", pd.DataFrame({code: pd.array([1, None, 0], dtype=code) for code in ("Int8", "UInt16", "Float32", "boolean")})
    yield "strings", pd.Series(["a", None, "c"], dtype="string")
    yield "object_strings", pd.Series(["a", None, "c"], dtype=object)
    yield "decimals", pd.Series([decimal.Decimal("1.5"), None])
    for name in frame.columns:
        yield f"series_{name}", frame[name]
        yield f"index_{name}", pd.Index(frame[name]) if name != "mixed" else pd.Index(list("ab"))
    yield "range_index", pd.RangeIndex(0, 100, 3)
    yield "multi_index", pd.MultiIndex.from_product([[1, 2], ["a", "b"]], names=["n", "t"])
    yield "period_index", pd.period_range("2026-01", periods=4, freq="M")
    yield "interval_index", pd.interval_range(0, 5)
    yield "timedelta_index", pd.to_timedelta([1, 2], "s")
    yield "categorical_index", pd.CategoricalIndex(["a", "b"])
    yield "datetime_index", dates
    yield "zoned_index", zoned
    yield "utc_index", dates.tz_localize("UTC")
    yield "offset_zone", dates.tz_localize("+02:00")
    yield "timestamps", [pd.Timestamp("2026-11-24"), pd.Timestamp("2026-11-24", tz="UTC"), pd.Timestamp("2026-11-24", tz="Asia/Tokyo")]
    yield "timedeltas", [pd.Timedelta("1D"), pd.Timedelta(3, "ns")]
    yield "periods", [pd.Period("2026-11"), pd.Period("2026", freq="Y"), pd.Period("2026Q1")]
    yield "intervals", [pd.Interval(0, 1), pd.Interval(0, 1, closed="both")]
    yield "missing", [pd.NaT, pd.NA, np.nan]
    yield "offsets", [
        offset()
        for offset in vars(pd.offsets).values()
        if isinstance(offset, type)
        and offset.__name__ not in ("FY5253", "FY5253Quarter", "BaseOffset", "Tick", "SingleConstructorOffset", "DateOffset")
        and _makes(offset)
    ] + [pd.DateOffset(months=2, day=3), pd.offsets.CustomBusinessDay(weekmask="Mon Tue"), pd.offsets.Week(weekday=2)]
    yield "dtypes", [
        pd.CategoricalDtype(["a"], ordered=True),
        pd.DatetimeTZDtype(tz="UTC"),
        pd.Int64Dtype(),
        pd.Float32Dtype(),
        pd.BooleanDtype(),
        pd.StringDtype(),
        pd.PeriodDtype("D"),
        pd.IntervalDtype("int64"),
        pd.SparseDtype(float),
    ]
    yield "arrays", [
        pd.array([1, 2], dtype="Int64"),
        pd.array([True, None], dtype="boolean"),
        pd.array(["a"], dtype="string"),
        pd.array(dates),
        pd.arrays.IntervalArray.from_breaks([0, 1, 2]),
        pd.arrays.PeriodArray(pd.period_range("2026-01", periods=2, freq="M")),
        pd.arrays.SparseArray([0, 1]),
        pd.Categorical(["a", "b"], ordered=True),
        pd.arrays.NumpyExtensionArray(np.arange(3)),
        pd.arrays.TimedeltaArray._from_sequence(pd.to_timedelta([1], "s")),
    ]
    yield "flags_and_attributes", _with_attributes(frame)
    yield "duplicate_columns", pd.DataFrame(rng.random((2, 2)), columns=["a", "a"])
    yield "complex", pd.Series([1j, 2])
    yield "in_a_dict", {"train": frame, "labels": frame["kind"], "scaler": {"mean": frame["real"].mean()}}


def _makes(offset):
    try:
        offset()
    except Exception:  # noqa: BLE001 - abstract offsets
        return False
    return True


def _with_attributes(frame):
    copy = frame.copy()
    copy.attrs["source"] = "https://example.com/data.csv"
    return copy.set_flags(allows_duplicate_labels=False) if copy.columns.is_unique else copy


def write(folder: Folder):
    for name, value in values():
        folder.pickles(name, value, range(6))
    frames = {name: value for name, value in values() if isinstance(value, (pd.DataFrame, pd.Series))}
    for name in ("frame", "series_text", "grouped_columns", "nullable", "strings"):
        for suffix, method in COMPRESSIONS.items():
            folder.save(f"{name}.pkl.{suffix}", lambda path: frames[name].to_pickle(path, compression=method if suffix != "tar.gz" else "infer"))
        folder.save(f"{name}.to_pickle.pkl", lambda path: frames[name].to_pickle(path))

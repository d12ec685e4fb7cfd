"""Every public scikit-learn estimator, fitted on small data and saved by pickle, joblib in each compressor, and skops."""

import joblib
import numpy as np
import skops.io
from sklearn import clone
from sklearn import gaussian_process, metrics, model_selection, pipeline, preprocessing
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2, f_regression
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.utils import all_estimators
from sklearn.utils._test_common.instance_generator import _construct_instances

from .saving import Folder

COMPRESSORS = ("zlib", "gzip", "bz2", "xz", "lzma", "lz4")
PARAMETERS = ("n_estimators", "max_iter", "n_init", "n_components", "n_restarts_optimizer", "n_iter_no_change", "max_leaf_nodes")


def data_sets():
    """Data that some estimator accepts, most usual first."""
    rng = np.random.RandomState(7)
    x = rng.rand(40, 6)
    classes = np.arange(40) % 3
    two = np.arange(40) % 2
    real = x @ np.arange(6.0)
    texts = ["the quick brown fox", "import os eval exec system", "plain text here", "more words in it"] * 10
    return [
        (x, two),
        (x, classes),
        (x, real),
        (x[:5], real[:5]),
        (x, np.stack([two, classes > 0], axis=1).astype(int)),
        (x, np.stack([real, real * 2], axis=1)),
        ((x * 10).astype(int), two),
        (texts, two),
        ([{"word": 1, "other": i} for i in range(40)], two),
        (x[:, 0], real),
        (x.reshape(40, 2, 3), two),
        ([["a"], ["b"]] * 20, None),
        (classes, None),
        ([("a", "b"), ("c",)] * 20, None),
        (x @ x.T, two),
        (x[:, :3], two),
    ]


def fitted(estimator):
    """The estimator fitted on the first data set it accepts."""
    for x, y in data_sets():
        for arguments in ((x, y), (x,)):
            try:
                return clone(estimator).fit(*arguments)
            except Exception:  # noqa: BLE001 - the next data set may fit
                continue
    raise ValueError("no data set fits")


def estimators():
    for name, kind in all_estimators():
        try:
            instance = next(iter(_construct_instances(kind)))
        except Exception:  # noqa: BLE001 - has required parameters
            continue
        small = {key: 3 for key in ("n_estimators", "n_init", "n_restarts_optimizer") if key in instance.get_params(deep=False)}
        if isinstance(instance.get_params(deep=False).get("max_iter"), int) and name != "TSNE":
            small["max_iter"] = 5
        yield name, instance.set_params(**small) if name != "HistGradientBoostingClassifier" else instance


def compositions():
    kernels = gaussian_process.kernels
    columns = ColumnTransformer([("scale", preprocessing.StandardScaler(), [0, 1]), ("pass", "passthrough", [2]), ("gone", "drop", [3])])
    yield "pipeline", pipeline.make_pipeline(columns, preprocessing.PolynomialFeatures(), LogisticRegression(max_iter=20))
    yield "pipeline_text", pipeline.make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=20))
    yield "select_chi2", SelectKBest(chi2, k=2)
    yield "select_regression", SelectKBest(f_regression, k=2)
    yield "union", pipeline.make_union(preprocessing.StandardScaler(), preprocessing.MinMaxScaler())
    yield "function_log", preprocessing.FunctionTransformer(np.log1p, inverse_func=np.expm1)
    yield "function_none", preprocessing.FunctionTransformer()
    yield "grid_search", model_selection.GridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}, cv=2)
    yield "grid_scorer", model_selection.GridSearchCV(LogisticRegression(), {"C": [1.0]}, scoring=metrics.make_scorer(metrics.f1_score), cv=2)
    yield "random_search", model_selection.RandomizedSearchCV(Ridge(), {"alpha": __import__("scipy").stats.uniform(0.1, 2)}, n_iter=2, cv=2, random_state=7)
    for name, kernel in {
        "rbf": kernels.RBF() + kernels.WhiteKernel(),
        "matern": kernels.ConstantKernel() * kernels.Matern(),
        "quadratic": kernels.RationalQuadratic(),
        "dot": kernels.DotProduct() ** 2,
        "periodic": kernels.ExpSineSquared() + kernels.WhiteKernel(1.0),
        "pairwise": kernels.PairwiseKernel(metric="rbf"),
    }.items():
        yield f"gaussian_{name}", gaussian_process.GaussianProcessRegressor(kernel)
    yield "gaussian_classes", gaussian_process.GaussianProcessClassifier(kernels.RBF())
    yield "forest_entropy", RandomForestClassifier(5, criterion="entropy", random_state=7)


def loose_values():
    """Objects that are no estimators but are saved beside them."""
    rng = np.random.RandomState(7)
    yield "bunch", __import__("sklearn.utils", fromlist=["Bunch"]).Bunch(data=rng.rand(3, 2), target=[1, 2, 3])
    for name in ("KFold", "StratifiedKFold", "ShuffleSplit", "TimeSeriesSplit", "LeaveOneOut", "GroupKFold", "RepeatedKFold", "RepeatedStratifiedKFold", "StratifiedShuffleSplit"):
        yield f"splitter_{name}", getattr(model_selection, name)()
    for name in sorted(metrics.get_scorer_names()):
        yield f"scorer_{name}", metrics.get_scorer(name)
    for name in ("EuclideanDistance", "ManhattanDistance", "ChebyshevDistance", "HammingDistance", "CanberraDistance", "BrayCurtisDistance", "JaccardDistance", "DiceDistance", "HaversineDistance"):
        yield f"distance_{name}", getattr(__import__("sklearn.metrics._dist_metrics", fromlist=["x"]), f"{name}64")()
    from sklearn.neighbors import BallTree, KDTree

    yield "kd_tree", KDTree(rng.rand(30, 3))
    yield "ball_tree", BallTree(rng.rand(30, 3), metric="manhattan")


def write(folder: Folder):
    for group, things in (("estimators", estimators()), ("compositions", compositions())):
        inner = folder.sub(group)
        for name, estimator in things:
            try:
                model = fitted(estimator)
            except ValueError as error:
                folder.refused.append(f"{name}: {error}")
                continue
            save_everywhere(inner, name, model)
            inner.pickles(f"{name}.unfitted", clone(estimator), (4,))
    loose = folder.sub("loose")
    for name, value in loose_values():
        loose.pickles(name, value)
        loose.save(f"{name}.joblib", lambda path: joblib.dump(value, path))
    joblib_values(folder.sub("joblib"))


def save_everywhere(folder, name, model):
    folder.pickles(name, model)
    folder.save(f"{name}.joblib", lambda path: joblib.dump(model, path))
    for method in COMPRESSORS:
        folder.save(f"{name}.{method}.joblib", lambda path: joblib.dump(model, path, compress=(method, 3)))
    folder.save(f"{name}.skops", lambda path: skops.io.dump(model, path))


def joblib_values(folder):
    """What joblib writes of plain arrays and containers: raw bytes between opcodes."""
    rng = np.random.RandomState(7)
    pickle_bytes = np.frombuffer(b"\x80\x04cos\nsystem\n." * 3, dtype=np.uint8)
    for name, value in {
        "array": rng.rand(10, 10),
        "fortran": np.asfortranarray(rng.rand(10, 7)),
        "empty": np.zeros((0, 3)),
        "objects": np.array([{"a": 1}, None, "text"], dtype=object),
        "structured": np.zeros(3, dtype=[("a", "i4"), ("b", "f8")]),
        "matrix": np.matrix([[1, 2]]),
        "memory_map": rng.rand(100),
        "list_of_arrays": [rng.rand(i) for i in range(1, 30)],
        "shared": (lambda a: [a, a])(rng.rand(5)),
        "bytes_that_look_bad": {"data": pickle_bytes, "after": [1, 2, 3]},
        "text": "plain",
        "none": None,
        "large_list": list(range(10_000)),
        "big_endian": np.arange(5, dtype=">i4"),
        "scalar": np.float64(3),
        "masked": np.ma.masked_array([1, 2], mask=[0, 1]),
        "sparse": __import__("scipy.sparse").sparse.random(20, 20, 0.1, format="csr", random_state=7),
        "frame": __import__("pandas").DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]}),
    }.items():
        for protocol in range(6):
            folder.save(f"{name}.p{protocol}.joblib", lambda path: joblib.dump(value, path, protocol=protocol))
        for method in COMPRESSORS:
            folder.save(f"{name}.{method}.joblib", lambda path: joblib.dump(value, path, compress=method))
            folder.save(f"{name}.{method}.pkl", lambda path: joblib.dump(value, path, compress=(method, 9)))

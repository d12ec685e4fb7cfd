"""SciPy objects: sparse matrices, frozen distributions, interpolators, spatial trees, signal and optimise results."""

import numpy as np
import scipy
from scipy import integrate, interpolate, optimize, signal, sparse, spatial, special, stats

from .saving import Folder


def sparse_values():
    dense = np.eye(6) + np.diag(np.arange(5.0), 1)
    for layout in ("csr", "csc", "coo", "bsr", "dia", "dok", "lil"):
        for kind in ("matrix", "array"):
            for code in ("f8", "f4", "i4", "?", "c16"):
                yield f"{layout}_{kind}_{np.dtype(code).name}", getattr(sparse, f"{layout}_{kind}")(dense.astype(code))
    yield "random_csr", sparse.random(50, 60, 0.1, format="csr", random_state=7)
    yield "empty_csr", sparse.csr_matrix((0, 4))


def frozen_distributions():
    from scipy.stats._distr_params import distcont, distdiscrete

    for name, shapes in distcont + distdiscrete:
        if isinstance(name, str):
            yield f"frozen_{name}", getattr(stats, name)(*shapes)
    yield "frozen_norm_scaled", stats.norm(loc=3, scale=2)
    yield "norm", stats.norm
    yield "histogram", stats.rv_histogram(np.histogram(np.arange(100.0), bins=10))
    yield "multivariate_normal", stats.multivariate_normal([0, 0], np.eye(2))
    yield "dirichlet", stats.dirichlet([1, 2, 3])
    yield "wishart", stats.wishart(3, np.eye(2))
    yield "kde", stats.gaussian_kde(np.random.default_rng(7).random((2, 30)))
    yield "linregress", stats.linregress([1, 2, 3, 4], [2, 4, 5, 8])
    yield "ttest", stats.ttest_ind([1, 2, 3.0], [2, 3, 4.0])


def other_values():
    x = np.linspace(0, 9, 10)
    y = np.sin(x)
    points = np.random.default_rng(7).random((30, 2))
    yield "interp1d", interpolate.interp1d(x, y, kind="cubic")
    yield "interp1d_linear", interpolate.interp1d(x, y, fill_value="extrapolate")
    yield "cubic_spline", interpolate.CubicSpline(x, y)
    yield "pchip", interpolate.PchipInterpolator(x, y)
    yield "akima", interpolate.Akima1DInterpolator(x, y)
    yield "bspline", interpolate.make_interp_spline(x, y)
    yield "univariate_spline", interpolate.UnivariateSpline(x, y, s=0)
    yield "interpolated_spline", interpolate.InterpolatedUnivariateSpline(x, y)
    yield "bivariate", interpolate.RectBivariateSpline(x, x, np.outer(y, y))
    yield "grid", interpolate.RegularGridInterpolator((x, x), np.outer(y, y))
    yield "nearest", interpolate.NearestNDInterpolator(points, points[:, 0])
    yield "linear_nd", interpolate.LinearNDInterpolator(points, points[:, 0])
    yield "rbf", interpolate.RBFInterpolator(points, points[:, 0])
    yield "rbf_old", interpolate.Rbf(x, y)
    yield "polynomial", interpolate.PPoly(np.ones((3, 4)), np.arange(5.0))
    yield "barycentric", interpolate.BarycentricInterpolator(x, y)
    yield "krogh", interpolate.KroghInterpolator(x[:4], y[:4])
    yield "tck", interpolate.splrep(x, y)
    yield "kd_tree", spatial.KDTree(points)
    yield "c_kd_tree", spatial.cKDTree(points)
    yield "rotation", spatial.transform.Rotation.from_euler("z", 45, degrees=True)
    yield "slerp", spatial.transform.Slerp([0, 1], spatial.transform.Rotation.random(2, random_state=7))
    yield "hull", spatial.ConvexHull(points)
    yield "delaunay", spatial.Delaunay(points)
    yield "voronoi", spatial.Voronoi(points)
    yield "spherical_voronoi", spatial.SphericalVoronoi(np.vstack([np.eye(3), -np.eye(3)]))
    yield "minimum", optimize.minimize(lambda v: (v**2).sum(), [1.0, 2.0])
    yield "root", optimize.root_scalar(lambda v: v - 1, bracket=[0, 3])
    yield "linear_programme", optimize.linprog([1, 1], bounds=(0, 1))
    yield "bounds", optimize.Bounds([0, 0], [1, 1])
    yield "linear_constraint", optimize.LinearConstraint(np.eye(2), 0, 1)
    yield "solution", integrate.solve_ivp(lambda t, v: -v, [0, 1], [1.0])
    yield "dense_solution", integrate.solve_ivp(lambda t, v: -v, [0, 1], [1.0], dense_output=True).sol
    yield "filters", signal.butter(3, 0.2)
    yield "filter_sections", signal.butter(3, 0.2, output="sos")
    yield "transfer_function", signal.TransferFunction([1], [1, 2])
    yield "state_space", signal.StateSpace(np.eye(2), np.eye(2), np.eye(2), np.eye(2))
    yield "zeros_poles", signal.ZerosPolesGain([1], [2], 3)
    yield "window", signal.windows.hann(8)
    yield "short_time_ft", signal.ShortTimeFFT(signal.windows.hann(8), 4, 10)
    yield "ufuncs", [special.expit, special.logit, special.gamma, special.erf]
    yield "orthogonal_polynomial", special.legendre(3)
    yield "version", scipy.__version__
    from scipy.cluster import hierarchy

    yield "linkage", hierarchy.linkage(points)
    yield "cluster_tree", hierarchy.to_tree(hierarchy.linkage(points[:8]))


def write(folder: Folder):
    for group, values in (("sparse", sparse_values), ("stats", frozen_distributions), ("other", other_values)):
        inner = folder.sub(group)
        for name, value in values():
            inner.pickles(name, value, (0, 2, 4, 5) if group != "stats" else (2, 4, 5))
    for name, value in sparse_values():
        folder.save(f"{name}.npz", lambda path: sparse.save_npz(path, value))
        folder.save(f"{name}.plain.npz", lambda path: sparse.save_npz(path, value, compressed=False))

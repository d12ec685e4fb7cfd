"""Writes thousands of honest files with the real libraries, scans them, and fails on every one that is not clean.

usage: honest-sweep.py FOLDER [--only LIBRARY,...] [--no-write] [--show N]
Run it with the interpreter of the environment that setup.sh makes. Exit code 0 when every file is clean, 1 otherwise.
"""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
COMMAND = ["node", str(HERE.parent / "packages/modelaudit/bin/modelaudit.js"), "scan"]

# Libraries, slowest first, with the fewest files each must write: a writer that stops writing must not go unnoticed.
LIBRARIES = {
    "keras_models": 560,
    "model_folders": 180,
    "torch_containers": 75,
    "sklearn_models": 3500,
    "torchvision_models": 120,
    "transformers_models": 120,
    "torch_training": 500,
    "torch_modules": 900,
    "torch_tensors": 290,
    "scipy_values": 950,
    "boosting": 330,
    "dill_cloudpickle": 140,
    "standard_library": 460,
    "onnx_models": 2300,
    "plain_tensors": 40,
    "numpy_values": 750,
    "pandas_values": 360,
    "shipped": 280,
}

# Files that are broken or hostile by design, or that no reader can vouch for, with the reason. Everything else must be clean.
EXCUSED = {
    "shipped/scipy-io-matlab-tests-data/*": "MATLAB's own format: no scanner claims it",
    "shipped/scipy-io-tests-data/*": "Fortran, IDL, NetCDF and WAV data, some broken by design",
    "boosting/catboost/*.bin": "CatBoost's own format, which this version does not read",
    "boosting/catboost/*.cbm": "CatBoost's own format, which this version does not read",
    "boosting/catboost/*.mlmodel": "Core ML, which this version does not read",
    "boosting/xgboost/*.model": "XGBoost's own format, which this version does not read",
    "boosting/xgboost/*.ubj": "XGBoost's own format, which this version does not read",
    "boosting/xgboost/*.buffer": "XGBoost's own format, which this version does not read",
}

# What the scan may say of an honest file. `data` is text or images beside a model.
GOOD = {"clean", "data"}


def write_one(library, folder):
    environment = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run([sys.executable, "-m", "honest", library, str(folder / library)], env=environment, capture_output=True, text=True, timeout=1200)
    if done.returncode != 0:
        return {"library": library, "written": 0, "refused": [], "seconds": 0, "broke": done.stderr[-1500:]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def write_all(folder, libraries):
    """Writes with every library, two at a time; gives the sentences about what went wrong."""
    problems = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for told in pool.map(lambda library: write_one(library, folder), libraries):
            print(f"  wrote {told['written']:5} files with {told['library']} in {told['seconds']} s; the library refused {len(told['refused'])}", flush=True)
            if "broke" in told:
                problems.append(f"The writer {told['library']} broke:\n{told['broke']}")
            elif told["written"] < LIBRARIES[told["library"]]:
                problems.append(f"{told['library']} wrote {told['written']} files, expected at least {LIBRARIES[told['library']]}: {told['refused'][:5]}")
    return problems


def scan(folders):
    """One process over all folders; gives `{path: (outcome, sentences)}` relative to nothing, as the report names them."""
    done = subprocess.run([*COMMAND, *map(str, folders), "--format", "json"], capture_output=True, text=True, timeout=3000)
    if done.returncode not in (0, 1, 2) or not done.stdout:
        raise SystemExit(f"The scan broke with code {done.returncode}: {done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    issues = {}
    for issue in report["issues"]:
        if issue["severity"] in ("warning", "critical"):
            issues.setdefault(issue["location"], []).append(f"{issue['severity']} {issue.get('rule_code')}: {issue['message']}")
    result = {}
    for path, facts in report["file_metadata"].items():
        said = [sentence for location, sentences in issues.items() if location == path or location.startswith((path + ":", path + " (")) for sentence in sentences]
        if facts.get("failure_reason") or facts.get("operational_error_reason"):
            said.append(f"{facts.get('scan_outcome_reasons')}: {facts.get('failure_reason') or facts.get('operational_error_reason')}")
        result[path] = (facts["scan_outcome"], said)
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--no-write", action="store_true")
    parser.add_argument("--show", type=int, default=60)
    options = parser.parse_args()
    libraries = options.only.split(",") if options.only else list(LIBRARIES)
    folder = options.folder.resolve()
    start = time.time()
    problems = [] if options.no_write else write_all(folder, libraries)
    wrote = time.time()
    results = scan([folder / library for library in libraries])
    bad = {}
    for path, (outcome, said) in results.items():
        name = str(pathlib.Path(path).relative_to(folder))
        excused = any(fnmatch.fnmatch(name, pattern) for pattern in EXCUSED)
        if outcome not in GOOD and not (excused and outcome != "findings"):
            bad[name] = (outcome, said)
    for name, (outcome, said) in list(bad.items())[: options.show]:
        print(f"  {outcome}: {name}: {'; '.join(said)[:300]}")
    if len(bad) > options.show:
        print(f"  ... and {len(bad) - options.show} more")
    for problem in problems:
        print(problem)
    outcomes = {}
    for outcome, _ in results.values():
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    print(f"{len(results)} honest files: {outcomes}; not clean: {len(bad)}; writing {wrote - start:.0f} s, scanning {time.time() - wrote:.0f} s")
    sys.exit(1 if bad or problems else 0)


if __name__ == "__main__":
    main()

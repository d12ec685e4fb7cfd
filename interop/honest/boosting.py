"""Gradient boosting: xgboost, lightgbm and catboost models, by pickle, joblib and in their own formats."""

import joblib
import numpy as np

from .saving import Folder


def data():
    rng = np.random.RandomState(7)
    x = rng.rand(60, 5)
    return x, (x[:, 0] > 0.5).astype(int), x @ np.arange(5.0), np.arange(60) % 3


def write(folder: Folder):
    for name, writer in (("xgboost", xgboost_models), ("lightgbm", lightgbm_models), ("catboost", catboost_models)):
        writer(folder.sub(name))


def saved(folder, name, model):
    folder.pickles(name, model)
    folder.save(f"{name}.joblib", lambda path: joblib.dump(model, path))
    folder.save(f"{name}.gz.joblib", lambda path: joblib.dump(model, path, compress=("gzip", 3)))


def xgboost_models(folder):
    import xgboost as xgb

    x, two, real, three = data()
    small = {"n_estimators": 3, "max_depth": 3, "n_jobs": 1}
    group = [20, 20, 20]
    models = {
        "classifier": xgb.XGBClassifier(**small).fit(x, two),
        "multiclass": xgb.XGBClassifier(**small).fit(x, three),
        "regressor": xgb.XGBRegressor(**small).fit(x, real),
        "linear": xgb.XGBRegressor(booster="gblinear", n_estimators=3).fit(x, real),
        "dart": xgb.XGBRegressor(booster="dart", **small).fit(x, real),
        "ranker": xgb.XGBRanker(**small).fit(x, three, group=group),
        "forest_classifier": xgb.XGBRFClassifier(**small).fit(x, two),
        "forest_regressor": xgb.XGBRFRegressor(**small).fit(x, real),
        "callbacks": xgb.XGBRegressor(**small, callbacks=[xgb.callback.EarlyStopping(2)]).fit(x, real, eval_set=[(x, real)], verbose=False),
        "unfitted": xgb.XGBClassifier(),
    }
    for name, model in models.items():
        saved(folder, name, model)
        if name == "unfitted":
            continue
        booster = model.get_booster()
        saved(folder, f"booster_{name}", booster)
        for suffix in ("json", "ubj"):
            folder.save(f"{name}.{suffix}", lambda path: booster.save_model(path))
        folder.save(f"{name}.model", lambda path: open(path, "wb").write(booster.save_raw("ubj")))
        folder.save(f"{name}.bst", lambda path: open(path, "wb").write(booster.save_raw("json")))
    folder.save("matrix.buffer", lambda path: xgb.DMatrix(x, real).save_binary(path))


def lightgbm_models(folder):
    import lightgbm as lgb

    x, two, real, three = data()
    small = {"n_estimators": 3, "num_leaves": 5, "min_child_samples": 2, "n_jobs": 1, "verbose": -1}
    models = {
        "classifier": lgb.LGBMClassifier(**small).fit(x, two),
        "multiclass": lgb.LGBMClassifier(**small).fit(x, three),
        "regressor": lgb.LGBMRegressor(**small).fit(x, real),
        "ranker": lgb.LGBMRanker(**small).fit(x, three, group=[20, 20, 20]),
        "dart": lgb.LGBMRegressor(boosting_type="dart", **small).fit(x, real),
        "forest": lgb.LGBMRegressor(boosting_type="rf", bagging_freq=1, bagging_fraction=0.5, **small).fit(x, real),
        "linear_tree": lgb.LGBMRegressor(linear_tree=True, **small).fit(x, real),
        "unfitted": lgb.LGBMClassifier(),
    }
    for name, model in models.items():
        saved(folder, name, model)
        if name == "unfitted":
            continue
        saved(folder, f"booster_{name}", model.booster_)
        folder.save(f"{name}.txt", lambda path: model.booster_.save_model(path))
        folder.save(f"{name}.lgb", lambda path: model.booster_.save_model(path))
        folder.save(f"{name}.model", lambda path: model.booster_.save_model(path))
    saved(folder, "dataset_parameters", {"params": lgb.LGBMClassifier().get_params()})


def catboost_models(folder):
    import catboost

    x, two, real, three = data()
    small = {"iterations": 3, "depth": 2, "verbose": False, "allow_writing_files": False, "thread_count": 1}
    models = {
        "classifier": catboost.CatBoostClassifier(**small).fit(x, two),
        "multiclass": catboost.CatBoostClassifier(**small).fit(x, three),
        "regressor": catboost.CatBoostRegressor(**small).fit(x, real),
        "ranker": catboost.CatBoostRanker(**small).fit(x, three, group_id=np.repeat([0, 1, 2], 20)),
        "plain": catboost.CatBoost({**small}).fit(x, real),
        "categories": catboost.CatBoostRegressor(**small, cat_features=[0]).fit(np.c_[(x[:, 0] * 5).astype(int).astype(str), x[:, 1:]].astype(object), real),
        "unfitted": catboost.CatBoostClassifier(),
    }
    for name, model in models.items():
        saved(folder, name, model)
        if name == "unfitted":
            continue
        formats = {"cbm": "cbm", "json": "json", "bin": "cbm"}
        if name != "categories":
            formats |= {"onnx": "onnx", "mlmodel": "coreml", "pmml": "pmml"}
        for suffix, kind in formats.items():
            folder.save(f"{name}.{suffix}", lambda path: model.save_model(path, format=kind))

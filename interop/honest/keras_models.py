"""Keras and TensorFlow: every layer and optimizer in .keras and .h5, SavedModels, checkpoints, graphs, and TFLite."""

import inspect
import logging
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf
from keras import layers

from .saving import Folder

logging.getLogger("tensorflow").setLevel(logging.ERROR)

# The shapes of input (without the batch) tried in turn until a layer builds.
SHAPES = [(8,), (6, 4), (8, 8, 3), (4, 8, 8, 3), (2, 8, 8, 3)]
ARGUMENTS = [{}, {"units": 3}, {"filters": 2, "kernel_size": 2}, {"kernel_size": 2}, {"rate": 0.2}, {"input_dim": 9, "output_dim": 3}, {"num_heads": 2, "key_dim": 2}, {"target_shape": (-1, 2)}, {"dims": (2, 1)}, {"n": 2}, {"cropping": 1}, {"size": 2}, {"stddev": 0.1}, {"height": 4, "width": 4}, {"factor": 0.1}, {"num_bins": 4}, {"scale": 2.0}, {"axis": 1}, {"output_size": 2}, {"groups": 1}, {"num_tokens": 5}, {"value": 0.1}, {"pool_size": 2}, {"activation": "relu"}, {"height_factor": 0.1, "width_factor": 0.1}, {"height_factor": 0.1}, {"mode": "fft"}, {"filters": 1, "kernel_size": 1}]
WRAPPED = {
    "Bidirectional": lambda: layers.Bidirectional(layers.LSTM(3)),
    "TimeDistributed": lambda: layers.TimeDistributed(layers.Dense(3)),
    "SpectralNormalization": lambda: layers.SpectralNormalization(layers.Dense(3)),
    "EinsumDense": lambda: layers.EinsumDense("ab,bc->ac", output_shape=3),
    "RandomPosterization": lambda: layers.RandomPosterization(3),
    "RNN": lambda: layers.RNN([layers.LSTMCell(3), layers.GRUCell(3)]),
    "StackedRNNCells": lambda: layers.RNN(layers.StackedRNNCells([layers.LSTMCell(3)])),
}
# No models by themselves, or with code of the user inside.
NOT_ALONE = ("Layer", "Wrapper", "Lambda", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TFSMLayer", "InputLayer", "GRUCell", "LSTMCell", "SimpleRNNCell", "Pipeline", "HashedCrossing", "MaxNumBoundingBoxes")
MERGING = ("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract")


def model_of(kind):
    """A model around one layer of this class, or None when nothing fits."""
    name = kind.__name__
    if name in MERGING:
        ends = [keras.Input((4,)), keras.Input((4,))]
        return keras.Model(ends, kind(**({"axes": 1} if name == "Dot" else {}))(ends))
    if name in ("Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"):
        ends = [keras.Input((4, 8)), keras.Input((4, 8))]
        more = {"MultiHeadAttention": {"num_heads": 2, "key_dim": 2}, "GroupQueryAttention": {"num_query_heads": 2, "num_key_value_heads": 1, "head_dim": 2}}
        made = kind(**more.get(name, {}))
        if name == "GroupQueryAttention":
            return keras.Model(ends, made(*ends))
        return keras.Model(ends, made(ends) if name in ("Attention", "AdditiveAttention") else made(*ends))
    make = WRAPPED.get(name)
    for arguments in [{}] if make else ARGUMENTS:
        try:
            (make or kind)(**arguments)
        except Exception:  # noqa: BLE001 - the next arguments may fit
            continue
        for shape in SHAPES:
            for dtype in ("float32", "int32"):
                try:
                    start = keras.Input(shape, dtype=dtype)
                    return keras.Model(start, (make or kind)(**arguments)(start))
                except Exception:  # noqa: BLE001 - the next shape may fit
                    continue
    return None


def write(folder: Folder):
    keras.utils.set_random_seed(7)
    inner = folder.sub("layers")
    for name, kind in sorted(vars(layers).items()):
        if not inspect.isclass(kind) or not issubclass(kind, layers.Layer) or name in NOT_ALONE:
            continue
        model = model_of(kind)
        if model is None:
            folder.refused.append(f"{name}: no arguments fit")
            continue
        inner.save(f"{name}.keras", lambda path: model.save(path))
        inner.save(f"{name}.h5", lambda path: model.save(path))
        inner.save(f"{name}.weights.h5", lambda path: model.save_weights(path))
        inner.bytes(f"{name}.json", lambda: model.to_json().encode())
    inner = folder.sub("optimizers")
    for name, kind in sorted(vars(keras.optimizers).items()):
        if not inspect.isclass(kind) or not issubclass(kind, keras.optimizers.Optimizer) or name in ("Optimizer", "LossScaleOptimizer", "MultiOptimizer"):
            continue
        model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu", kernel_regularizer="l2"), layers.Dense(1)])
        model.compile(kind(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)), loss="mse", metrics=["mae"])
        model.fit(tf.zeros((4, 3)), tf.zeros((4, 1)), verbose=0)
        inner.save(f"{name}.keras", lambda path: model.save(path))
        inner.save(f"{name}.h5", lambda path: model.save(path))
    tensorflow(folder.sub("tensorflow"))


def tensorflow(folder):
    for name, model in {
        "dense": keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(1)]),
        "convolution": keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.BatchNormalization(), layers.Flatten(), layers.Dense(2)]),
        "lstm": keras.Sequential([keras.Input((5, 3)), layers.LSTM(4), layers.Dense(1)]),
        "embedding": keras.Sequential([keras.Input((5,), dtype="int32"), layers.Embedding(9, 4), layers.GlobalAveragePooling1D()]),
    }.items():
        folder.save(f"{name}.exported", lambda path: model.export(path, verbose=False))
        folder.save(f"{name}.saved", lambda path: tf.saved_model.save(model, path))
        folder.save(f"{name}.checkpoint", lambda path: tf.train.Checkpoint(model=model).save(f"{path}/ckpt"))
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        if name != "lstm":
            folder.bytes(f"{name}.tflite", converter.convert)
        concrete = tf.function(lambda x: model(x)).get_concrete_function(tf.TensorSpec([1, *model.inputs[0].shape[1:]], model.inputs[0].dtype))
        folder.bytes(f"{name}.pb", lambda: concrete.graph.as_graph_def().SerializeToString())
        folder.bytes(f"{name}.pbtxt", lambda: str(concrete.graph.as_graph_def()).encode())

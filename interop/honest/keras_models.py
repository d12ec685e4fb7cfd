"""Keras: every layer and optimizer in H5 and .keras, recurrent, attention and lookup-table models, weights alone."""

import inspect
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from .saving import Folder

# What a layer's constructor needs, and the input shape it takes, where the defaults do not do.
ARGUMENTS = {
    "Dense": {"units": 3}, "EinsumDense": {"equation": "ab,bc->ac", "output_shape": 3, "bias_axes": "c"}, "Embedding": {"input_dim": 10, "output_dim": 3},
    "Activation": {"activation": "gelu"}, "Reshape": {"target_shape": (-1,)}, "Permute": {"dims": (2, 1)}, "RepeatVector": {"n": 2},
    "LSTM": {"units": 3}, "GRU": {"units": 3}, "SimpleRNN": {"units": 3}, "MultiHeadAttention": {"num_heads": 2, "key_dim": 3},
    "GroupQueryAttention": {"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1}, "Rescaling": {"scale": 0.5}, "Discretization": {"bin_boundaries": [0.0, 0.5]},
    "CategoryEncoding": {"num_tokens": 4}, "Hashing": {"num_bins": 4}, "Resizing": {"height": 4, "width": 4}, "CenterCrop": {"height": 4, "width": 4},
    "RandomCrop": {"height": 4, "width": 4}, "RandomZoom": {"height_factor": 0.1}, "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1},
    "RandomRotation": {"factor": 0.1}, "RandomContrast": {"factor": 0.1}, "RandomBrightness": {"factor": 0.1}, "Normalization": {"mean": 0.0, "variance": 1.0},
    "Dropout": {"rate": 0.1}, "SpatialDropout1D": {"rate": 0.1}, "SpatialDropout2D": {"rate": 0.1}, "SpatialDropout3D": {"rate": 0.1}, "GaussianDropout": {"rate": 0.1},
    "AlphaDropout": {"rate": 0.1}, "GaussianNoise": {"stddev": 0.1}, "ActivityRegularization": {"l2": 0.1}, "GroupNormalization": {"groups": 1}, "Masking": {},
    "LSTMCell": {"units": 3}, "GRUCell": {"units": 3}, "SimpleRNNCell": {"units": 3},
}
CONVOLUTION = {"filters": 2, "kernel_size": 2}
SHAPES = [(6,), (6, 4), (8, 8, 3), (4, 4, 4, 2)]
# Needs code, a file or a network by design; what the scan says of them is tested elsewhere.
LEFT_OUT = {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "InputLayer", "Layer", "Wrapper", "InputSpec"}


def write(folder: Folder):
    import keras

    keras.utils.set_random_seed(3)
    layers(folder.sub("layers"), keras)
    models(folder.sub("models"), keras)
    optimizers(folder.sub("optimizers"), keras)


def saved(folder, name, model):
    folder.save(f"{name}.keras", lambda path: model.save(path))
    folder.save(f"{name}.h5", lambda path: model.save(path))


def layers(folder, keras):
    found = {n: c for n, c in vars(keras.layers).items() if inspect.isclass(c) and issubclass(c, keras.layers.Layer) and n not in LEFT_OUT}
    for name, kind in sorted(found.items()):
        arguments = {**(CONVOLUTION if "Conv" in name else {}), **ARGUMENTS.get(name, {})}
        if name.startswith("Depthwise"):
            arguments.pop("filters", None)
        for shape in SHAPES:
            model = built(keras, kind, arguments, shape)
            if model is not None:
                saved(folder, f"{name}_{len(shape)}d", model)
                break


def built(keras, kind, arguments, shape):
    """A model of one layer over an input of this shape (one, or two for layers that merge), or None."""
    for inputs in ([keras.Input(shape)], [keras.Input(shape), keras.Input(shape)]):
        try:
            output = kind(**arguments)(inputs[0] if len(inputs) == 1 else inputs)
            return keras.Model(inputs, output)
        except Exception:  # noqa: BLE001 - the layer does not take this shape
            continue
    return None


def models(folder, keras):
    L = keras.layers
    x = keras.Input((5, 3))
    text = keras.Input((), dtype="string")
    words = L.TextVectorization(vocabulary=["eval", "system", "os", "import"], output_sequence_length=4)
    lookup = L.StringLookup(vocabulary=["exec", "__class__", "subprocess"])
    numbers = L.IntegerLookup(vocabulary=[1, 2, 3])
    made = {
        "recurrent": keras.Model(x, L.Dense(2)(L.Bidirectional(L.LSTM(3, return_sequences=True))(L.GRU(4, return_sequences=True)(x)))),
        "cells": keras.Model(x, L.RNN([L.LSTMCell(3), L.GRUCell(2)])(x)),
        "time": keras.Model(x, L.TimeDistributed(L.Dense(2, activation="relu"))(x)),
        "attention": keras.Model(x, L.LayerNormalization()(L.Add()([x, L.MultiHeadAttention(2, 3)(x, x)]))),
        "operations": keras.Model(x, keras.ops.mean(keras.ops.relu(x * 2 + 1)[:, 1:], axis=1)),
        "text": keras.Model(text, L.Embedding(10, 3)(words(text))),
        "lookup": keras.Model(text, lookup(text)),
        "integers": keras.Sequential([keras.Input((2,), dtype="int64"), numbers]),
        "nested": keras.Sequential([keras.Input((5, 3)), keras.Sequential([L.Flatten(), L.Dense(3, kernel_regularizer="l2", kernel_constraint="max_norm")]), L.Dense(1)]),
        "named_lambda": keras.Sequential([keras.Input((3,)), L.Dense(2, name="lambda_exec_branch"), L.Dense(1, name="system_input")]),
        "half": keras.Sequential([keras.Input((3,)), L.Dense(2, dtype="mixed_float16"), L.Dense(2, dtype=keras.DTypePolicy("bfloat16"))]),
        "initializers": keras.Sequential([keras.Input((3,)), L.Dense(2, kernel_initializer=keras.initializers.Orthogonal(seed=1), bias_initializer="ones")]),
    }
    for name, model in made.items():
        saved(folder, name, model)
        folder.save(f"{name}.weights.h5", lambda path: model.save_weights(path))
    quantized = keras.Sequential([keras.Input((4,)), L.Dense(3)])
    quantized.quantize("int8")
    saved(folder, "quantized", quantized)
    application = keras.applications.MobileNetV2(weights=None, input_shape=(32, 32, 3), classes=3, alpha=0.35)
    saved(folder, "mobilenet", application)


def optimizers(folder, keras):
    x, y = np.random.RandomState(1).rand(8, 3).astype("float32"), np.arange(8) % 2
    kinds = {n: c for n, c in vars(keras.optimizers).items() if inspect.isclass(c) and issubclass(c, keras.optimizers.Optimizer)}
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 10)
    made = {n: lambda c=c: c() for n, c in kinds.items() if n not in ("Optimizer", "LossScaleOptimizer", "MultiOptimizer")}
    made["scheduled"] = lambda: keras.optimizers.Adam(schedule, clipnorm=1.0, use_ema=True)
    made["scaled"] = lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1, momentum=0.9))
    losses = ["mse", keras.losses.BinaryCrossentropy(label_smoothing=0.1), keras.losses.Huber(), "hinge"]
    for index, (name, make) in enumerate(sorted(made.items())):
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1, "sigmoid")])
        model.compile(make(), loss=losses[index % len(losses)], metrics=["accuracy", keras.metrics.AUC(name="auc"), keras.metrics.MeanSquaredError()])
        model.fit(x, y, epochs=1, verbose=0)
        saved(folder, name, model)

"""ONNX: every model of the backend test suite, and a checkpoint with external data."""

import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.loader import load_model_tests

from .saving import Folder, plain_name


def write(folder: Folder):
    node = folder.sub("backend")
    for kind in ("node", "simple", "pytorch-converted", "pytorch-operator"):
        for case in load_model_tests(kind=kind):
            name = plain_name(case.name)
            if case.model is not None:
                node.save(f"{name}.onnx", lambda path: onnx.save(case.model, path))
            elif case.model_dir and (pathlib.Path(case.model_dir) / "model.onnx").exists():
                node.bytes(f"{name}.onnx", lambda: (pathlib.Path(case.model_dir) / "model.onnx").read_bytes())
            if case.model_dir:
                for file in sorted(pathlib.Path(case.model_dir).glob("test_data_set_0/*.pb")):
                    node.bytes(f"{name}.{file.name}", file.read_bytes)
    own(folder.sub("own"))


def own(folder):
    weight = numpy_helper.from_array(np.arange(4096, dtype="f4"), "w")
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [4096]) for name in "xy"]
    model = helper.make_model(helper.make_graph([helper.make_node("Add", ["x", "w"], ["y"])], "g", ends[:1], ends[1:], [weight]), producer_name="honest")
    folder.save("external.onnx", lambda path: onnx.save(model, path, save_as_external_data=True, location="external.onnx.data", size_threshold=100))
    inner = folder.sub("per_tensor")
    inner.save("model.onnx", lambda path: onnx.save(model, path, save_as_external_data=True, all_tensors_to_one_file=False, size_threshold=100))
    helper.set_model_props(model, {"url": "https://example.com", "notes": "import os; eval(x)"})
    folder.save("properties.onnx", lambda path: onnx.save(model, path))
    folder.save("text.onnxtxt", lambda path: onnx.save(model, path))
    folder.save("model.json", lambda path: onnx.save(model, path, format="json"))

"""Differential test of graph formats against the libraries that define them.

usage: graphs.py [--keep FOLDER] [--command COMMAND...]
Makes honest models with onnx (its whole backend test suite) and TensorFlow (SavedModels, frozen graphs, meta graphs,
TFLite), scans them all, and compares operators, opsets, functions, signatures and tensor counts with what the library
reads from the same files. Honest models must also come out without warnings and without gaps. COMMAND gets the folder as
its last argument and prints the JSON report; the default is this working tree's own build.
"""
import argparse, collections, json, os, pathlib, subprocess, sys, tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
root = pathlib.Path(__file__).resolve().parents[2]
parser = argparse.ArgumentParser()
parser.add_argument("--keep", type=pathlib.Path, help="make the models here and leave them")
parser.add_argument("--command", nargs=argparse.REMAINDER, default=["node", str(root / "packages/modelaudit/bin/modelaudit.js"), "scan", "--format", "json", "--no-cache", "--no-share"])
options = parser.parse_args()
folder = options.keep or pathlib.Path(tempfile.mkdtemp())
folder.mkdir(parents=True, exist_ok=True)


def make_onnx():
    import onnx.backend.test.case.node as cases
    from onnx.backend.test.case.utils import import_recursive

    import_recursive(cases)
    (folder / "onnx").mkdir(exist_ok=True)
    for case in cases.collect_testcases():
        if case.model is not None:
            (folder / "onnx" / f"{case.name}.onnx").write_bytes(case.model.SerializeToString())


def make_tensorflow():
    import keras, tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    layers, v1 = keras.layers, tf.compat.v1
    x = layers.Input((6, 8))
    y = layers.MultiHeadAttention(2, 4)(x, x)
    text = layers.TextVectorization(max_tokens=50, output_sequence_length=4)
    text.adapt(["hello world", "system eval exec import os"])
    words = layers.Input((1,), dtype="string")
    nets = {
        "dense": keras.Sequential([layers.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(2)]),
        "conv": keras.Sequential([layers.Input((16, 16, 3)), layers.Conv2D(4, 3), layers.BatchNormalization(), layers.MaxPool2D(), layers.Flatten(), layers.Dense(3)]),
        "recurrent": keras.Sequential([layers.Input((5, 4)), layers.LSTM(6, return_sequences=True), layers.Bidirectional(layers.GRU(4)), layers.Dense(2)]),
        "attention": keras.Model(x, layers.LayerNormalization()(y + x)),
        "text": keras.Model(words, layers.Embedding(60, 4)(text(words))),
    }
    for name, net in nets.items():
        net.export(str(folder / name), verbose=False)
        tf.saved_model.save(net, str(folder / f"{name}_saved"))
        if name == "text":
            continue
        function = tf.function(lambda value, net=net: net(value)).get_concrete_function(tf.TensorSpec([1, *net.input_shape[1:]], tf.float32))
        tf.io.write_graph(convert_variables_to_constants_v2(function).graph, str(folder), f"{name}.pb", as_text=False)
        converter = tf.lite.TFLiteConverter.from_keras_model(net)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
        converter._experimental_lower_tensor_list_ops = False
        (folder / f"{name}.tflite").write_bytes(converter.convert())
    with v1.Graph().as_default(), v1.Session() as session:
        loss = tf.reduce_mean(tf.matmul(v1.placeholder(tf.float32, [None, 4]), v1.get_variable("w", [4, 3])))
        v1.train.AdamOptimizer(0.1).minimize(loss)
        session.run(v1.global_variables_initializer())
        (folder / "checkpoint").mkdir(exist_ok=True)
        v1.train.Saver(sharded=True).save(session, str(folder / "checkpoint/model.ckpt"), global_step=7)


def expected_onnx(path):
    import onnx

    operators = collections.Counter()

    def walk(nodes):
        for node in nodes:
            operators[f"{node.domain}::{node.op_type}" if node.domain else node.op_type] += 1
            for attribute in node.attribute:
                for graph in [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs]:
                    walk(graph.node)

    model = onnx.load(path, load_external_data=False)
    walk(model.graph.node)
    for function in model.functions:
        walk(function.node)
    return {"operators": dict(operators), "opset": {one.domain or "ai.onnx": one.version for one in model.opset_import}, "ir_version": model.ir_version}


def expected_graph(graph):
    operators = collections.Counter(node.op for node in graph.node)
    for function in graph.library.function:
        operators.update(node.op for node in function.node_def)
    return {"operators": dict(operators), "function_count": len(graph.library.function)}


def expected_tensorflow(path):
    from tensorflow.core.framework import graph_pb2
    from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

    data = path.read_bytes()
    if path.name == "saved_model.pb":
        meta = saved_model_pb2.SavedModel.FromString(data).meta_graphs[0]
        return expected_graph(meta.graph_def) | {"signatures": sorted(meta.signature_def)}
    if path.suffix == ".meta":
        return expected_graph(meta_graph_pb2.MetaGraphDef.FromString(data).graph_def)
    return expected_graph(graph_pb2.GraphDef.FromString(data))


def expected_tflite(path):
    import tensorflow as tf

    interpreter = tf.lite.Interpreter(model_path=str(path))
    graphs = interpreter._interpreter.NumSubgraphs()
    return {"subgraph_count": graphs, "signatures": sorted(interpreter.get_signature_list())}


def expected(path):
    if path.suffix == ".onnx":
        return expected_onnx(path)
    if path.suffix == ".tflite":
        return expected_tflite(path)
    if path.suffix == ".meta" or (path.suffix == ".pb" and path.name != "fingerprint.pb"):
        return expected_tensorflow(path)
    return None


make_onnx()
make_tensorflow()
done = subprocess.run([*options.command, str(folder)], capture_output=True, text=True)
report = json.loads(done.stdout)
wrong = [f"{issue['severity']}: {issue['message']} ({issue.get('location')})" for issue in report["issues"] if issue["severity"] in ("warning", "critical")]
if done.returncode:
    wrong.append(f"exit code {done.returncode} for honest models")
compared = 0
for path, metadata in report["file_metadata"].items():
    facts = expected(pathlib.Path(path))
    if facts is None:
        continue
    compared += 1
    for key, value in facts.items():
        found = sorted(metadata.get(key, [])) if key == "signatures" else metadata.get(key)
        if found != value:
            wrong.append(f"{path}: {key} is {value}, found {found}")
print(*wrong[:50], sep="\n")
print(f"{compared} models compared, {len(wrong)} differences")
sys.exit(1 if wrong or compared < 100 else 0)

"""Model folders as hubs hold them: tokenizers with chat templates, safetensors of every type, GGUF of every quantisation, HDF5 features."""

import json
import os

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import gguf
import h5py
import numpy as np
import torch
import transformers
from safetensors.torch import save_file

from .saving import Folder

SCARY = ["<unk>", "eval", "os.system", "__class__", "rm -rf /", "subprocess", "{{", "{%", "import os", "<script>", "../../etc/passwd", "http://10.0.0.1:4444"]

# In the styles of well-known families, in own words.
TEMPLATES = {
    "llama": """{{- bos_token }}{%- if custom_tools is defined %}{%- set tools = custom_tools %}{%- endif %}{%- if not date_string is defined %}{%- set date_string = strftime_now("%d %b %Y") %}{%- endif %}
{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content']|trim %}{%- set messages = messages[1:] %}{%- else %}{%- set system_message = "" %}{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}{%- if builtin_tools is defined or tools is not none %}{{- "Environment: ipython\\n" }}{%- endif %}
{%- if builtin_tools is defined %}{{- "Tools: " + builtin_tools | reject('equalto', 'code_interpreter') | join(", ") + "\\n\\n" }}{%- endif %}
{%- for message in messages %}{%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
{%- elif 'tool_calls' in message %}{%- if not message.tool_calls|length == 1 %}{{- raise_exception("One tool call at a time.") }}{%- endif %}{%- set tool_call = message.tool_calls[0].function %}
{{- '{"name": "' + tool_call.name + '", "parameters": ' }}{{- tool_call.arguments | tojson }}{{- "}" }}{%- for name, value in tool_call.arguments | items %}{{- name + '="' + value + '"' }}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}{%- endif %}{%- endfor %}""",
    "qwen": """{%- if tools %}{{- '<|im_start|>system\\n' }}{{- "# Tools\\n\\nWrite Python like ```python\\nimport os\\nos.system('ls')\\n``` or eval(x).\\n<tools>" }}{%- for tool in tools %}{{- "\\n" }}{{- tool | tojson }}{%- endfor %}{{- "\\n</tools><|im_end|>\\n" }}{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}{%- for message in messages[::-1] %}{%- set index = (messages|length - 1) - loop.index0 %}{%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}{%- set ns.multi_step_tool = false %}{%- set ns.last_query_index = index %}{%- endif %}{%- endfor %}
{%- for message in messages %}{%- if message.role == "assistant" %}{%- set content = message.content %}{%- set reasoning = '' %}{%- if '</think>' in content %}{%- set reasoning = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}{%- endif %}{{- '<|im_start|>' + message.role + '\\n' + reasoning + content }}{%- elif message.role == "tool" %}{%- if loop.first or (messages[loop.index0 - 1].role != "tool") %}{{- '<|im_start|>user' }}{%- endif %}{%- endif %}{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}""",
    "mistral": """{%- set loop_messages = messages %}{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}{%- set ns = namespace() %}{%- set ns.index = 0 %}{%- for message in loop_messages %}{%- if not (message.role == "tool" or (message.tool_calls is defined and message.tool_calls is not none)) %}{%- if (message["role"] == "user") != (ns.index % 2 == 0) %}{{- raise_exception("Roles must alternate") }}{%- endif %}{%- set ns.index = ns.index + 1 %}{%- endif %}{%- endfor %}{{- bos_token }}{%- for message in loop_messages %}{%- if message["role"] == "user" %}{%- if tools is not none and (message == user_messages[-1]) %}{{- "[AVAILABLE_TOOLS] [" }}{%- for tool in tools %}{%- set tool = tool.function %}{%- for key, val in tool.items() if key != "return" %}{%- if val is string %}{{- '"' + key + '": "' + val + '"' }}{%- else %}{{- '"' + key + '": ' + val|tojson }}{%- endif %}{%- endfor %}{%- endfor %}{%- endif %}{{- "[INST] " + message["content"] + "[/INST]" }}{%- endif %}{%- endfor %}""",
    "gemma": """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('No system role') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Alternate') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}""",
    "deepseek": """{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, system_prompt='') %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}{%- for message in messages %}{%- if message['role'] == 'assistant' and message['content'] is none %}{%- for tool in message['tool_calls'] %}{{'<tool>' + tool['type'] + tool['function']['name'] + '\\n```json\\n' + tool['function']['arguments'] + '\\n```'}}{%- endfor %}{%- endif %}{%- endfor -%}""",
    "hermes": """{%- macro json_to_python_type(json_spec) %}{%- set basic_type_map = {"string": "str", "number": "float", "integer": "int", "boolean": "bool"} %}{%- if basic_type_map[json_spec.type] is defined %}{{- basic_type_map[json_spec.type] }}{%- elif json_spec.type == "array" %}{{- "list[" + json_to_python_type(json_spec|items) + "]" }}{%- elif json_spec.type is iterable %}{{- "Union[" }}{%- for t in json_spec.type %}{{- json_to_python_type({"type": t}) }}{%- if not loop.last %}{{- "," }}{%- endif %}{%- endfor %}{{- "]" }}{%- else %}{{- "Any" }}{%- endif %}{%- endmacro %}{%- for tool in tools %}{%- if tool.function is defined %}{%- set tool = tool.function %}{%- endif %}{{- '{"name": "' + tool.name + '(' }}{%- for param_name, param_fields in tool.parameters.properties|items %}{{- param_name + ": " + json_to_python_type(param_fields) }}{%- endfor %}{%- endfor %}""",
    "phi": """{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\\n' + message['content'] + '<|end|>\\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}""",
    "command": [
        {"name": "default", "template": "{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'].strip() }}{% endfor %}"},
        {"name": "tool_use", "template": "{% macro arguments(args) %}{% for name, value in args.items() %}{{ name }}: {{ value.type|replace('string', 'str') }}{{ ', ' if not loop.last }}{% endfor %}{% endmacro %}{% for tool in tools %}\n```python\ndef {{ tool.name }}({{ arguments(tool.parameters) }}):\n    pass\n```{% endfor %}"},
        {"name": "rag", "template": "{% for document in documents %}\nDocument: {{ loop.index0 }}\n{% for key, value in document.items() %}{{ key|title }}: {{ value|string }}\n{% endfor %}{% endfor %}"},
    ],
}


def write(folder: Folder):
    templates(folder.sub("templates"))
    safetensors_files(folder.sub("safetensors"))
    gguf_files(folder.sub("gguf"))
    hdf5_files(folder.sub("hdf5"))


def templates(folder):
    tokenizers = __import__("tokenizers")
    for name, template in TEMPLATES.items():
        tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({word: i for i, word in enumerate(SCARY)}, unk_token="<unk>"))
        fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")
        fast.chat_template = {one["name"]: one["template"] for one in template} if isinstance(template, list) else template
        for legacy in (False, True):
            folder.save(f"{name}-{'config' if legacy else 'file'}", lambda path: fast.save_pretrained(path, save_jinja_files=not legacy))
        folder.sub(name).bytes("tokenizer_config.json", json.dumps({"chat_template": template}).encode)
        if isinstance(template, str):
            folder.bytes(f"{name}.jinja", template.encode)
            folder.save(f"{name}.gguf", lambda path: tiny_gguf(path, template))


def safetensors_files(folder):
    for dtype in (torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool, torch.float8_e4m3fn, torch.float8_e5m2, torch.complex64, torch.uint16, torch.uint32, torch.uint64, torch.float8_e8m0fnu):
        for shape in ((), (0,), (3, 4), (64, 64)):
            value = torch.zeros(shape).to(dtype)
            folder.save(f"{str(dtype)[6:]}-{'x'.join(map(str, shape)) or 'scalar'}.safetensors", lambda path: save_file({"a.weight": value, "b": value.clone()}, path))
    lora = {
        "ss_network_module": "networks.lora", "ss_dataset_dirs": json.dumps({"10_style": {"n_repeats": 10, "img_count": 5}}), "ss_tag_frequency": json.dumps({"d": {"eval": 3, "system": 2, "import os": 1, "{{x}}": 1}}),
        "ss_output_name": "../out", "ss_training_comment": "run `os.system` never; see https://example.com/a?b=c and {braces} 100 %", "ss_sd_model_name": "C:\\models\\base.safetensors",
        "ss_network_args": json.dumps({"conv_dim": "8"}), "modelspec.thumbnail": "data:image/jpeg;base64," + "A" * 5000, "modelspec.license": "https://example.com/license", "modelspec.description": "A style. Use {{char}} in prompts.", "format": "pt",
    }
    for key, value in lora.items():
        folder.save(f"metadata-{key}.safetensors", lambda path: save_file({"lora_unet.lora_up.weight": torch.zeros(4, 4)}, path, metadata={key: value}))
    folder.save("metadata-all.safetensors", lambda path: save_file({"lora_unet.lora_up.weight": torch.zeros(4, 4)}, path, metadata=lora))
    folder.save("many.safetensors", lambda path: save_file({f"layers.{i}.weight": torch.zeros(1) for i in range(6000)}, path))
    index = {"metadata": {"total_size": 8}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    folder.bytes("model.safetensors.index.json", lambda: json.dumps(index).encode())


def quantized(weights, kind):
    """Blocks of this type; zeros where the package knows their size but not how to fill them."""
    try:
        return gguf.quants.quantize(weights, kind)
    except NotImplementedError:
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        return np.zeros((weights.shape[0], weights.shape[1] // elements * size), "uint8")


def tiny_gguf(path, template=None, kind=None):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_description("Runs eval() on nothing; see http://10.0.0.1/ and ../../x")
    writer.add_context_length(64)
    writer.add_block_count(1)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(SCARY)
    writer.add_token_scores([0.0] * len(SCARY))
    writer.add_token_merges(["e val", "o s"])
    writer.add_string("quantize.imatrix.file", "/training_dir/imatrix.dat")
    if template:
        writer.add_chat_template(template)
    weights = np.random.default_rng(1).standard_normal((4, 512)).astype("float32")
    if kind is None:
        writer.add_tensor("output.weight", weights)
    else:
        writer.add_tensor("output.weight", quantized(weights, kind), raw_dtype=kind)
    writer.add_tensor("norm.weight", weights[0])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def gguf_files(folder):
    folder.save("plain.gguf", tiny_gguf)
    folder.save("command.gguf", lambda path: tiny_gguf(path, TEMPLATES["command"]))
    for kind in gguf.GGMLQuantizationType:
        folder.save(f"{kind.name}.gguf", lambda path: tiny_gguf(path, kind=kind))


def hdf5_files(folder):
    for version in ("earliest", "latest"):
        for name, fill in HDF5.items():
            def make(path, fill=fill):
                with h5py.File(path, "w", libver=version, track_order=name == "ordered") as file:
                    fill(file)
            folder.save(f"{name}-{version}.h5", make)


def filtered(file, **options):
    file.create_dataset("w", data=np.arange(10000.0).reshape(100, 100), chunks=(10, 10), **options)


def compound(file):
    file["c"] = np.zeros(4, dtype=[("a", "i4"), ("b", "f8", (2, 2)), ("s", "S5")])
    file.attrs["kind"] = np.zeros(1, dtype=[("x", "f4")])[0]


def references(file):
    file["w"] = np.zeros((4, 4))
    file.attrs["object"] = file["w"].ref
    file.attrs["region"] = file["w"].regionref[1:2, :]
    file.create_dataset("refs", data=np.array([file["w"].ref] * 2, dtype=h5py.ref_dtype))


def types(file):
    file["enum"] = np.array([0, 1], dtype=h5py.enum_dtype({"RED": 0, "GREEN": 1}))
    file.create_dataset("ragged", (2,), dtype=h5py.vlen_dtype(np.int32))[0] = [1, 2, 3]
    file["text"] = np.array(SCARY, dtype=h5py.string_dtype())
    file["fixed"] = np.array([b"eval", b"x"])
    file["complex"] = np.zeros(2, dtype="c16")
    file["opaque"] = np.zeros(2, dtype="V8")
    file["time"] = np.array([1, 2], dtype="i8")
    file["named"] = np.dtype("f4")
    file.create_dataset("uses_named", (3,), dtype=file["named"])
    file["uses_named"].attrs.create("shared", 1.0, dtype=file["named"])


def virtual(file):
    file["w"] = np.zeros((4, 4))
    layout = h5py.VirtualLayout((8, 4), "f8")
    layout[:4] = h5py.VirtualSource(file["w"])
    layout[4:] = h5py.VirtualSource(file["w"])
    file.create_virtual_dataset("v", layout)


def many(file):
    for i in range(500):
        file.create_group(f"group_{i}").attrs["n"] = i
    for i in range(60):
        file.attrs[f"a{i}"] = "x" * i * 50
    for i in range(300):
        file.attrs[f"small{i}"] = i


def links(file):
    file["a/b/c"] = np.zeros(2)
    file["hard"] = file["a"]
    file["soft"] = h5py.SoftLink("/a/b/c")
    file["cycle"] = h5py.SoftLink("/cycle")
    file["a/b/up"] = file["a"]


def resized(file):
    data = file.create_dataset("w", (0, 4), maxshape=(None, 4), chunks=(16, 4))
    data.resize((100, 4))
    file["gone"] = np.zeros(1000)
    del file["gone"]


HDF5 = {
    "gzip": lambda f: filtered(f, compression="gzip"), "lzf": lambda f: filtered(f, compression="lzf"), "shuffle": lambda f: filtered(f, compression="gzip", shuffle=True, fletcher32=True),
    "scaled": lambda f: filtered(f, scaleoffset=2), "compound": compound, "references": references, "types": types, "virtual": virtual, "many": many, "links": links, "resized": resized,
    "ordered": many, "empty": lambda f: None, "large_attribute": lambda f: f.attrs.__setitem__("large", "x" * 100000),
}

/** By scanner id: what was recognised counts more than what the name promises. */
const BY_FORMAT: Readonly<Record<string, string>> = {
  zip: "application/zip",
  pytorch_zip: "application/zip",
  keras_zip: "application/zip",
  torchserve_mar: "application/zip",
  skops: "application/zip",
  tar: "application/x-tar",
  nemo: "application/x-tar",
  sevenzip: "application/x-7z-compressed",
  rar: "application/vnd.rar",
  keras_h5: "application/x-hdf5",
  safetensors: "application/x-safetensors",
  onnx: "application/x-onnx",
  openvino: "application/xml",
  pmml: "application/xml",
};

const BY_EXTENSION: Readonly<Record<string, string>> = {
  json: "application/json",
  yaml: "application/yaml",
  yml: "application/yaml",
  xml: "application/xml",
  toml: "application/toml",
  gz: "application/gzip",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  py: "text/x-python",
};

/** The media type of a file from what it was recognised as, else from its name, else plain bytes. */
export function mediaType(name: string, format: string | undefined): string {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return BY_FORMAT[format ?? ""] ?? BY_EXTENSION[extension] ?? "application/octet-stream";
}

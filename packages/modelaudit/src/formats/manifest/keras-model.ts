/** Classes of whole Keras models, which `model.to_json()` writes. */
const MODELS: ReadonlySet<string> = new Set(["Sequential", "Functional", "Model"]);

/** Whether a config is an architecture that Keras rebuilds (`model_from_json`, `config.json` of an unpacked archive). */
export function isKerasModel(tree: unknown): boolean {
  if (typeof tree !== "object" || tree === null) return false;
  const { class_name: name, config, keras_version: version, module, registered_name: registered } = tree as Record<string, unknown>;
  if (typeof name !== "string" || typeof config !== "object" || config === null) return false;
  return MODELS.has(name) || version !== undefined || registered !== undefined || (typeof module === "string" && /^(?:tf_)?keras\b/.test(module));
}

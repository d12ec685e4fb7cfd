/** Licences that models and their data come under and that the SPDX list has under exactly these ids. */
const SPDX_IDS = `AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-2.0 Artistic-2.0 BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear BSL-1.0 CC-BY-2.0 CC-BY-3.0
  CC-BY-4.0 CC-BY-NC-2.0 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0
  CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 EPL-2.0 EUPL-1.2 GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later ISC
  LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later MIT MPL-2.0 MS-PL NCSA ODbL-1.0 OFL-1.1 PDDL-1.0 PostgreSQL Unlicense WTFPL Zlib`;

const BY_LOWER_CASE = new Map(SPDX_IDS.split(/\s+/).map((id) => [id.toLowerCase(), id]));

/** The licences a scanner told of, declared by the model: ids of the SPDX list where they are in it, else names. */
export function licensesOf(metadata: Readonly<Record<string, unknown>> | undefined): { licenses?: { license: Record<string, string> }[] } {
  const names = new Set([...texts(metadata?.license), ...texts(metadata?.licenses), ...texts(metadata?.license_info)]);
  if (!names.size) return {};
  return {
    licenses: [...names].sort().map((name) => {
      const id = BY_LOWER_CASE.get(name.toLowerCase());
      return { license: { ...(id === undefined ? { name } : { id }), acknowledgement: "declared" } };
    }),
  };
}

/** A licence may be told as text, as `{spdx_id}` or `{name}`, or as a list of these. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return value.trim() ? [value.trim()] : [];
  if (Array.isArray(value)) return value.flatMap(texts);
  if (!value || typeof value !== "object") return [];
  const { spdx_id: id, name } = value as Record<string, unknown>;
  return texts(typeof id === "string" ? id : name);
}

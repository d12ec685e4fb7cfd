/** A blob is named by its digest: 64 hex digits, or as ollama writes it with the algorithm in front. */
export function isBlobName(name: string): boolean {
  return /(?:^|[\\/])(?:sha256-)?[0-9a-f]{64}$/.test(name);
}

/** The digest a blob's name states, as hex digits. */
export function digestOf(name: string): string {
  return name.slice(-64);
}

/** Where a layout keeps the blob of a digest, seen from the layout's root; undefined for an algorithm that is not known. */
export function blobPath(digest: string): string | undefined {
  const match = /^(sha256|sha512):([0-9a-f]{64}|[0-9a-f]{128})$/.exec(digest);
  return match ? `blobs/${match[1]}/${match[2]}` : undefined;
}

/** A member to write. What is not given is as an honest writer would set it. */
export interface TarPart {
  name: string;
  data?: string | Uint8Array;
  type?: string;
  link?: string;
  mode?: number;
  /** The size field as bytes, or a number other than the data's length. */
  size?: number | Uint8Array;
  /** Records of a pax header in front. */
  pax?: Record<string, string>;
  /** A GNU long name in front. */
  longName?: string;
  badChecksum?: boolean;
}

/** Writes a TAR by hand. `end` false leaves out the end mark. */
export function buildTar(parts: readonly TarPart[], options: { end?: boolean; tail?: Uint8Array } = {}): Uint8Array {
  const chunks: Buffer[] = [];
  for (const part of parts) {
    if (part.pax) chunks.push(...member({ name: "PaxHeaders/x", type: "x", data: paxText(part.pax) }));
    if (part.longName) chunks.push(...member({ name: "././@LongLink", type: "L", data: `${part.longName}\0` }));
    chunks.push(...member(part));
  }
  if (options.end !== false) chunks.push(Buffer.alloc(1024));
  if (options.tail) chunks.push(Buffer.from(options.tail));
  return Buffer.concat(chunks);
}

function paxText(records: Record<string, string>): string {
  return Object.entries(records)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      let length = rest.length + 1;
      while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
      return length + rest;
    })
    .join("");
}

function member(part: TarPart): Buffer[] {
  const data = typeof part.data === "string" ? Buffer.from(part.data, "latin1") : Buffer.from(part.data ?? []);
  const header = Buffer.alloc(512);
  header.write(part.name, 0, 100, "utf8");
  header.write(octal(part.mode ?? 0o644, 7), 100, "latin1");
  header.write(octal(0, 7), 108, "latin1");
  header.write(octal(0, 7), 116, "latin1");
  if (part.size instanceof Uint8Array) header.set(part.size, 124);
  else header.write(octal(part.size ?? data.length, 11), 124, "latin1");
  header.write(octal(0, 11), 136, "latin1");
  header.write(part.type ?? "0", 156, "latin1");
  header.write(part.link ?? "", 157, 100, "utf8");
  header.write("ustar\x0000", 257, "latin1");
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0) + (part.badChecksum ? 1 : 0);
  header.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

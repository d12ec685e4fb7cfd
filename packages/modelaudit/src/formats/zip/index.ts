import type { Format, Glimpse } from "../../engine/format.js";
import { endsLikeZip } from "./directory.js";
import { u16, u32 } from "../../io/little-endian.js";
import { END_RECORD, LOCAL_HEADER, LONGEST_COMMENT, SIGNATURE } from "./records.js";

/** Of a member of an archive this much of the end is searched: a checkpoint may have thousands, each a tensor. */
const MEMBER_TAIL = 1024;

/** A local header whose method and version exist, an empty archive, or one of the marks of a spanned archive. */
function startsLikeZip({ head, size }: Glimpse): boolean {
  if (head.length < END_RECORD || head[0] !== 0x50) return false;
  if (u32(head, 0) === SIGNATURE.end) return size === END_RECORD + u16(head, 20) && u16(head, 10) === 0;
  const at = u32(head, 0) === SIGNATURE.descriptor || u32(head, 0) === 0x30304b50 ? 4 : 0;
  return head.length >= at + LOCAL_HEADER && u32(head, at) === SIGNATURE.local && u16(head, at + 8) <= 99 && (head[at + 4] as number) <= 99;
}

export const format: Format = {
  id: "zip",
  className: "ZipScanner",
  description: "ZIP archives of any kind",
  extensions: [".zip", ".whl", ".egg", ".jar", ".conda", ".pyz", ".zipx", ".docx", ".xlsx", ".pptx", ".odt", ".kmz", ".apk", ".aar", ".epub"],
  tags: ["archive"],
  readFromEnd: true,
  sniff: (look) => (startsLikeZip(look) ? "certain" : undefined),
  *probe(reader, look, context) {
    // To see the end of a large compressed member, all of it would be expanded.
    if (look.hints.lazy === true) return undefined;
    const tail = look.hints.memberOf === undefined ? END_RECORD + LONGEST_COMMENT : MEMBER_TAIL;
    return (yield* endsLikeZip(reader, tail, context)) ? "certain" : undefined;
  },
  load: () => import("./scanner.js"),
  rules: () => import("./rules.js"),
};

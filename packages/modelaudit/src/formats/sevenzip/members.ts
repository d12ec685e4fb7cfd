import type { ScanContext } from "../../engine/context.js";
import { Malformed, Unsupported } from "../../engine/errors.js";
import { type Work, wait } from "../../engine/work.js";
import { crc32 } from "../../io/crc32.js";
import type { Reader } from "../../io/reader.js";
import { type BlockReader, isEncrypted, openBlock } from "./coders.js";
import { type SevenZipArchive, packedReader, START_HEADER } from "./parser.js";
import { plainSize } from "./structure.js";

/** One member's plain bytes, or why there are none. */
export interface OpenedMember {
  /** To be closed by the caller. Undefined when the block cannot be unpacked. */
  reader: Reader | undefined;
  problem: string | undefined;
  /** Where the packed bytes of its block begin. */
  offset: number;
  /** Its share of the packed bytes. */
  packed: number;
}

/** The reason that says so. */
export const ENCRYPTION = "encryption";

/** Members that stay closed for one reason. */
export interface ClosedMembers {
  why: string;
  count: number;
  /** The first of them. */
  name: string;
}

/** Gives the members of all blocks one after the other. Each block is unpacked once, from its start to its end. */
export class BlockMembers {
  readonly closed: ClosedMembers[] = [];
  private readonly archive: SevenZipArchive;
  private readonly context: ScanContext;
  private block = 0;
  private member = 0;
  private source: BlockReader | undefined;
  /** Plain bytes of the block that belong to the next member already. */
  private rest: Uint8Array = new Uint8Array(0);
  /** Why the rest of this block is lost. */
  private lost: { problem?: string; closed?: ClosedMembers } | undefined;

  constructor(archive: SevenZipArchive, context: ScanContext) {
    this.archive = archive;
    this.context = context;
  }

  /** The next member that has bytes. Throws `Malformed` when the blocks hold fewer members than are listed. */
  *next(name: string): Work<OpenedMember> {
    const { streams, reader } = this.archive;
    while (this.block < streams.blocks.length && this.member >= streams.blocks[this.block]!.members.length) this.nextBlock();
    const block = streams.blocks[this.block];
    const member = block?.members[this.member++];
    if (!block || !member) throw new Malformed(START_HEADER, "bytes for each member", `none for ${name}`);
    const packed = packedReader(reader, streams, this.block);
    const whole = plainSize(block);
    const place = { offset: START_HEADER + streams.packPosition, packed: whole > 0 ? (packed.size * member.size) / whole : 0 };
    if (!this.source && !this.lost) {
      try {
        this.source = yield* openBlock(block, packed, this.context);
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error;
        this.lost = { closed: this.closedFor(isEncrypted(block) ? ENCRYPTION : error.what, name) };
      }
    }
    if (this.lost?.closed) this.lost.closed.count++;
    if (this.lost) return { ...place, reader: undefined, problem: this.lost.problem };
    return { ...place, ...(yield* this.unpack(member.size, member.crc)) };
  }

  close(): void {
    this.source?.close();
    this.source = undefined;
  }

  private nextBlock(): void {
    this.close();
    this.block++;
    this.member = 0;
    this.rest = new Uint8Array(0);
    this.lost = undefined;
  }

  private closedFor(why: string, name: string): ClosedMembers {
    const known = this.closed.find((one) => one.why === why);
    if (known) return known;
    const closed = { why, count: 0, name };
    this.closed.push(closed);
    return closed;
  }

  private *unpack(size: number, expected: number | undefined): Work<Pick<OpenedMember, "reader" | "problem">> {
    const spool = this.context.spool();
    let left = size;
    let crc = 0;
    let problem: string | undefined;
    try {
      while (left > 0) {
        if (!this.rest.length) {
          const piece = yield* (this.source as BlockReader).next();
          if (!piece) throw new Malformed(START_HEADER, `${left} more bytes`, "the end of the block");
          this.context.budget.spend("expandedBytes", piece.length);
          this.rest = piece;
        }
        const part = this.rest.subarray(0, left);
        this.rest = this.rest.subarray(part.length);
        left -= part.length;
        crc = crc32(part, crc);
        yield* wait(spool.write(part));
      }
      if (expected !== undefined && crc !== expected) problem = "its checksum is wrong";
    } catch (error) {
      if (!(error instanceof Malformed)) {
        spool.discard();
        throw error;
      }
      problem = error.message;
      this.lost = { problem: "the block it is in is damaged" };
    }
    return { reader: yield* wait(spool.finish()), problem };
  }
}

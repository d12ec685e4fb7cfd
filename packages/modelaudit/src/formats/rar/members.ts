import type { Link } from "../../detectors/archive/member-checks.js";
import type { Reader } from "../../io/reader.js";
import type { Range } from "../../io/waiting.js";
import { MARK_BYTES } from "./version.js";

/** A file, folder or link in a RAR archive, of either version. */
export interface RarMember {
  name: string;
  isFolder: boolean;
  link?: Link;
  /** Why its bytes cannot be read; undefined for a stored one. */
  closed: "compressed" | "encrypted" | "split over volumes" | undefined;
  /** Where its header begins. */
  offset: number;
  dataOffset: number;
  /** Stored bytes, at most what the file holds. */
  size: number;
}

/** What an archive shows. */
export interface RarArchive {
  version: 4 | 5;
  members: RarMember[];
  /** Data of blocks that hold no file: comments, authenticity, recovery records. */
  asides: Range[];
  /** Bytes that blocks explain; behind it is a tail. */
  end: number;
  /** The headers themselves are encrypted: no names. */
  encryptedHeaders: boolean;
  /** It stops inside of a block. */
  cutShort: boolean;
  /** Offsets of headers whose checksum is wrong. */
  badHeaders: number[];
}

/** Headers are read in one piece of at most this; the format allows 2 MiB, names are at most 64 KiB. */
export const LONGEST_HEADER = 2 * 2 ** 20;

/** An archive whose blocks are still to be read. */
export function openedArchive(version: RarArchive["version"]): RarArchive {
  return { version, members: [], asides: [], end: MARK_BYTES[version], encryptedHeaders: false, cutShort: false, badHeaders: [] };
}

export function closedBecause(how: { encrypted: boolean; split: boolean; stored: boolean }): RarMember["closed"] {
  if (how.encrypted) return "encrypted";
  if (how.split) return "split over volumes";
  return how.stored ? undefined : "compressed";
}

/** Notes that a block ends where the next begins, and gives that offset. */
export function endBlock(archive: RarArchive, { size }: Reader, next: number): number {
  archive.cutShort = next > size;
  archive.end = Math.min(next, size);
  return next;
}

import type { Range } from "../../io/waiting.js";

/** A file, folder or link in a RAR archive, of either version. */
export interface RarMember {
  name: string;
  isFolder: boolean;
  link?: { kind: "link" | "hard link"; target: string };
  /** Why its bytes cannot be read; undefined for a stored one. */
  closed?: "compressed" | "encrypted" | "split over volumes";
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

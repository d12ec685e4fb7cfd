import type { Rule } from "../../findings/rule.js";

export const rules: readonly Rule[] = [
  {
    id: "S1320",
    name: "oci-wrong-digest",
    severity: "critical",
    title: "The blob {digest} holds other bytes than its name promises",
    why: "Images are trusted by digest. Whoever pulled this one did not get what was published.",
    remedy: "Do not use the image. Pull it again from its registry.",
    cwe: [345],
  },
  {
    id: "S1321",
    name: "oci-wrong-size",
    severity: "warning",
    title: "The blob {digest} has {found} bytes where its manifest says {stated}",
    why: "The blob was changed or cut after the manifest was written.",
    remedy: "Do not use the image. Pull it again from its registry.",
    cwe: [345],
  },
  {
    id: "S1322",
    name: "oci-odd-digest",
    severity: "warning",
    title: "The manifest refers to a blob by {digest}, which is no digest",
    why: "Tools make a path of it; anything but a digest can lead elsewhere.",
    remedy: "Do not use the image.",
    cwe: [20],
  },
];

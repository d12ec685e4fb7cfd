/** One character for each unit: UTF-16, or bytes that must come out as they went in (TextDecoder's Latin-1 is Windows-1252). */
export function textOfUnits(units: Uint8Array | readonly number[]): string {
  let text = "";
  for (let at = 0; at < units.length; at += 4096) text += String.fromCharCode(...units.slice(at, at + 4096));
  return text;
}

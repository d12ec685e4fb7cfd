declare const __VERSION__: string | undefined;

/** This program's version, put in by the build; tests that run from source see 0.0.0. */
export const VERSION: string = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0";

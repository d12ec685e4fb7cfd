export const GENERATED = "";

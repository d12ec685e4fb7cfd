#!/usr/bin/env node
// Newer Node keeps the compiled program, which saves a third of a small scan's time.
require("node:module").enableCompileCache?.();
require("../dist/main.cjs");

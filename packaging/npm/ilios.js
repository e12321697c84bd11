#!/usr/bin/env node
// Runs the program that the package for this platform contains.
"use strict";
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const name = `ilios-${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/ilios`);
} catch {
  console.error(`ilios: there is no program for this platform: ${name} is not installed (were optional packages left out?)`);
  process.exit(1);
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// The program ends by itself at the signals of a terminal, which it gets too; the others are passed on.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`ilios: ${error.message}`);
  process.exit(1);
});
child.on("exit", (status, signal) => process.exit(status ?? 128 + (constants.signals[signal] ?? 0)));

//! Runs one job in a disposable child process.

"""The command line: one module for each group of commands, loaded only when asked for."""

"""The second floor: one Django app per noun, all with the same parts (docs/architecture.md)."""

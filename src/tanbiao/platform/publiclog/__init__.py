"""The tamper-evident public log: an append-only Merkle tree with signed checkpoints."""

"""From application to decision: acceptance, evaluation, findings, review, decision (ISO/IEC 17065 clause 7)."""

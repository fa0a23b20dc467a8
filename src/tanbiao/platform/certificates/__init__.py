"""Certificates: issued as signed documents, entered in the public log, shown as label, QR code and PDF."""

"""Readers and writers of background databases; the door is `reading.read_source`."""

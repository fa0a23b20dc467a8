"""Certification rules as filed (备案): which text, under which number, in force or not."""

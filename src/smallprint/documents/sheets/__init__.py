"""Workbooks and delimited text → blocks. Child process only."""

"""DOCX → blocks. Child process only."""

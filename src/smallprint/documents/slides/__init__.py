"""PPTX → blocks. Child process only."""

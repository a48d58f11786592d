"""EML → blocks. Child process only."""

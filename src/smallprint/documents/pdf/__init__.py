"""PDF → blocks. Child process only."""

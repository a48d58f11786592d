"""DOC, ODT, RTF and PPT → blocks. Child process only."""

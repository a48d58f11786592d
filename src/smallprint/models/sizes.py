"""Sizes of files, as people write them."""

MEGABYTE = 1024 * 1024
"""Bytes: what MAX_FILE_MB counts in, and what a sentence about a size does."""

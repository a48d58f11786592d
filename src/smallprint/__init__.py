"""Smallprint reads the small print of documents shared in Slack."""

__version__ = "0.1.0"

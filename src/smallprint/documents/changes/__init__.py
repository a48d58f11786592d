"""Two documents laid beside each other, passage by passage: what went, came, changed, was reworded, moved. No AI."""

from smallprint.documents.changes.between import VERSION_OF, changes_between, similarity

__all__ = ["VERSION_OF", "changes_between", "similarity"]

"""Looking quotations up in a document, without AI."""

from smallprint.documents.quotes.index import QuoteIndex

__all__ = ["QuoteIndex"]

"""Makes the house data set: documents of our own fiction, as files that people share, and what is to be found in them."""

"""How good the agents are on documents that people have labelled, and whether a change makes them worse."""

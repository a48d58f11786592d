"""What Slack asked for, what we posted there, what a channel wants, and what is to be forgotten."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from smallprint.models.database.metadata import metadata

jobs = Table(
    "jobs",  # one row per (team, channel, thread, file), written before Slack gets its ack
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread_ts", Text, nullable=False),
    Column("file_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("state", Text, nullable=False),  # JobState in services/database/jobs.py
    Column("outcome", Text, nullable=False),  # the risk level, or an error's code; "" while it runs
    Column("due_at", Text, nullable=False),  # not dispatched before (a file_shared waits for its message)
    Column("created_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("message_ts", Text, nullable=False),  # with team, channel and thread: the files of one message
    Column("ordinal", Integer, nullable=False),  # the file's place in its message, from 0
    Column("siblings", Integer, nullable=False),  # files of the message, this one included
    Column("summed_up_at", Text),  # when the headline over all files of the message stood in the thread
    Column("brief", Text, nullable=False),  # JSON of the Brief; "" where nobody wished for anything
    Column("kind", Text, nullable=False),  # JobKind
    Column("stopped_by", Text, nullable=False),  # who pressed Stop; "" where nobody did
)

posts = Table(
    "posts",  # what we post, written before we post it: after a crash we look for it instead of posting twice
    metadata,
    Column("tag", Text, primary_key=True),  # "<job id>/placeholder", "<job id>/report"
    Column("state", Text, nullable=False),  # sending | sent
    Column("owner", Text, nullable=False),  # the process that is sending
    Column("ts", Text, nullable=False),  # "" until sent
    Column("attempted_at", Text, nullable=False),
)

channel_settings = Table(
    "channel_settings",  # append-only: what a channel wants IS the last row of (team, channel)
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("settings", Text, nullable=False),  # JSON of the ChannelSettings
    Column("actor", Text, nullable=False),
    Column("request_id", Text, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
)

erasures = Table(
    "erasures",  # what is to be forgotten, written down before Slack gets its ack
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("request_id", Text, nullable=False, unique=True),
    Column("team", Text, nullable=False),
    Column("kind", Text, nullable=False),  # ErasureKind
    Column("channel", Text, nullable=False),
    Column("reference", Text, nullable=False),  # a file's id, a message's ts, or an analysis's id
    Column("actor", Text, nullable=False),  # who asked; "" for Slack itself
    Column("created_at", Text, nullable=False),
    Column("done_at", Text),
)

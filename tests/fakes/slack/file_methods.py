"""files.*: what the app may know of a file, and the three steps of an upload."""

from __future__ import annotations

from tests.fakes.slack import events
from tests.fakes.slack.chat import check_blocks
from tests.fakes.slack.core import Core
from tests.fakes.slack.files import HostedFile, Upload
from tests.fakes.slack.refusal import MethodRefused, open_channel, required
from tests.fakes.slack.workspace import BOT_USER, Channel, Json


class FileMethods:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def info(self, arguments: Json) -> Json:
        (file_id,) = required(arguments, "file")
        file = self._core.files.get(file_id)
        if file is None or not self._visible(file):
            raise MethodRefused("file_not_found")
        if file.deleted or file.upload.mode == "tombstone":
            raise MethodRefused("file_deleted")
        file.info_calls += 1
        if file.info_calls <= file.upload.not_found:
            raise MethodRefused("file_not_found")
        answer: Json = {"file": file.info(self._core.workspace), "comments": []}
        if file.upload.mode == "snippet" and file.is_ready():
            answer["content"] = file.upload.content.decode("utf-8", "replace")
        return answer | {"response_metadata": {"next_cursor": ""}}

    async def delete(self, arguments: Json) -> Json:
        """The app's own files only."""
        (file_id,) = required(arguments, "file")
        file = self._core.files.get(file_id)
        if file is None:
            raise MethodRefused("file_not_found")
        if file.deleted:
            raise MethodRefused("file_deleted")
        if file.user != BOT_USER:
            raise MethodRefused("cant_delete_file")
        file.deleted = True
        return {}

    async def canvas_content(self, arguments: Json) -> Json:
        """canvases.getContent: the whole canvas as one text; what is not visible does not exist."""
        (canvas_id,) = required(arguments, "canvas_id")
        form = str(arguments.get("content_type") or "markdown")
        if form not in ("markdown", "html"):
            raise MethodRefused("invalid_arguments")
        file = self._core.files.get(canvas_id)
        if file is None or file.deleted or file.upload.mode != "quip" or not self._visible(file):
            raise MethodRefused("canvas_not_found")
        text = file.upload.content.decode()
        return {"content": text if form == "markdown" else f"<p>{text}</p>"}

    async def get_upload_url(self, arguments: Json) -> Json:
        name, length = required(arguments, "filename", "length")
        if not length.isdigit() or int(length) == 0:
            raise MethodRefused("missing_argument")
        file = self._core.add_file(Upload(name, size=int(length)), BOT_USER)
        file.uploaded = False
        return {"upload_url": f"{self._core.url}/upload/v1/{file.id}", "file_id": file.id}

    async def complete_upload(self, arguments: Json) -> Json:
        """Shares the uploaded files in a channel or thread by one message of the bot."""
        files = [self._uploaded(item) for item in arguments.get("files") or []]
        if not files:
            required({}, "files")
        check_blocks(arguments.get("blocks"))
        if arguments.get("channel_id"):
            channel = open_channel(self._core, str(arguments["channel_id"]))
            await self._share(channel, files, arguments)
        return {"files": [file.info(self._core.workspace) for file in files]}

    def _uploaded(self, item: Json) -> HostedFile:
        file = self._core.files.get(str(item.get("id")))
        if file is None or not file.uploaded:
            raise MethodRefused("file_not_found")
        file.retitle(str(item.get("title") or file.upload.name))
        return file

    async def _share(self, channel: Channel, files: list[HostedFile], arguments: Json) -> None:
        core = self._core
        more: Json = {
            "subtype": "file_share",
            "upload": True,
        }
        if arguments.get("thread_ts"):
            more["thread_ts"] = str(arguments["thread_ts"])
            if not channel.thread(more["thread_ts"]):
                raise MethodRefused("thread_not_found")
        text = str(arguments.get("initial_comment") or "")
        message = events.bot_message(text, core.workspace.new_ts(), more)
        core.attach(channel, message, files)
        await core.post(channel, message)
        if core.echo_bot_messages:
            for file in files:
                await core.emit(
                    events.file_shared_event(file.id, BOT_USER, channel.id, core.workspace.new_ts())
                )

    def _visible(self, file: HostedFile) -> bool:
        """A bot sees its own files, those in its conversations, and those in public channels."""
        channels = [self._core.workspace.channels[channel_id] for channel_id in file.shares]
        return file.user == BOT_USER or any(c.kind == "channel" or BOT_USER in c.members for c in channels)

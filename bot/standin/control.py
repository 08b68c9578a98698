"""The same as from Python, over HTTP under `/standin/`, for the chat page and for tests in another process.

GET  /standin/people                          people as in `Person.as_json`
POST /standin/people                          {"name", "phone"?, "user_id"?, "language_code"?, "username"?, "about"?}
GET  /standin/people/{id}/messages            messages as in `Shown.as_json`; the person has read them
POST /standin/people/{id}/{act}               see `_ACTS`: start {"payload"?}, say {"text", "chat_id"?, "thread_id"?},
     press {"data", "message_id"?, "chat_id"?, "stale"?: pressed though it is not there}, choose {"label"}, contact {"own"?},
     edit {"message_id", "text"}, photo, voice, sticker, location, block, unblock, read
GET  /standin/groups, POST /standin/groups    {"title", "members": [user ids], "kind"?, "forum"?}
GET  /standin/groups/{id}/messages
GET  /standin/files/{file_id}
GET  /standin/ledger?after=SEQ&wait=SECONDS   entries after SEQ, waiting for the first
POST /standin/faults                          fields of `Fault`, or {"seed", "rates", "methods"?}; DELETE clears
GET  /standin/limits, POST /standin/limits    fields of `Limits`, or {"off": true}

What the app would not let a person do is 409, a body that makes no sense 400; both say why in {"error"}.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.standin.crowd import Crowd
from bot.standin.groups import Group
from bot.standin.limits import Limits
from bot.standin.people import Impossible, Person
from bot.standin.world import World

Json = dict[str, Any]
Act = Callable[["Control", Person, Json], Awaitable[Json]]

#: How long a request waits for the bot's answer to a press, and at most for the next ledger entry, in real seconds.
_PRESS_SECONDS = 10.0
_LONGEST_WAIT = 60.0


class Control:
    """The requests under `/standin/` but the events."""

    def __init__(self, world: World, crowd: Crowd) -> None:
        self._world = world
        self._crowd = crowd

    def routes(self) -> list[web.RouteDef]:
        """The routes for an aiohttp application."""
        return [
            web.get("/standin/people", _guarded(self._list_people)),
            web.post("/standin/people", _guarded(self._add_person)),
            web.get("/standin/people/{id}/messages", _guarded(self._list_messages)),
            web.post("/standin/people/{id}/{act}", _guarded(self._act)),
            web.get("/standin/groups", _guarded(self._list_groups)),
            web.post("/standin/groups", _guarded(self._add_group)),
            web.get("/standin/groups/{id}/messages", _guarded(self._list_group_messages)),
            web.get("/standin/files/{file_id}", _guarded(self._send_file)),
            web.get("/standin/ledger", _guarded(self._read_ledger)),
            web.post("/standin/faults", _guarded(self._add_fault)),
            web.delete("/standin/faults", _guarded(self._clear_faults)),
            web.get("/standin/limits", _guarded(self._show_limits)),
            web.post("/standin/limits", _guarded(self._set_limits)),
        ]

    async def _list_people(self, request: web.Request) -> web.StreamResponse:
        return web.json_response([person.as_json() for person in self._crowd.people.values()])

    async def _add_person(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._crowd.add_person(**await _read(request)).as_json(), status=201)

    async def _list_messages(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        person.read()
        return web.json_response([message.as_json() for message in person.messages])

    async def _act(self, request: web.Request) -> web.StreamResponse:
        act = _ACTS.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        return web.json_response(await act(self, self._person(request), await _read(request)))

    async def _list_groups(self, request: web.Request) -> web.StreamResponse:
        return web.json_response([group.as_json() for group in self._crowd.groups.values()])

    async def _add_group(self, request: web.Request) -> web.StreamResponse:
        wanted = await _read(request)
        members = [self._crowd.people[user_id] for user_id in wanted.pop("members", [])]
        group = self._crowd.add_group(members=members, **wanted)
        return web.json_response(group.as_json(), status=201)

    async def _list_group_messages(self, request: web.Request) -> web.StreamResponse:
        group = self._crowd.find_group(int(request.match_info["id"]))
        if group is None:
            raise web.HTTPNotFound
        return web.json_response([message.as_json() for message in group.messages])

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        stored = self._world.files.find(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound
        # A picture may be shown; anything else is downloaded, so that no file runs as a page of this site.
        is_picture = stored.content_type in ("image/png", "image/jpeg", "image/gif", "image/webp")
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        if not is_picture:
            headers["Content-Disposition"] = "attachment"
        content_type = stored.content_type if is_picture else "application/octet-stream"
        return web.Response(body=stored.body, content_type=content_type, headers=headers)

    async def _read_ledger(self, request: web.Request) -> web.StreamResponse:
        after = int(request.query.get("after", "0"))
        wait = min(float(request.query.get("wait", "0")), _LONGEST_WAIT)
        if wait > 0 and len(self._world.ledger) <= after:
            try:
                await self._world.ledger.wait_for(after + 1, wait)
            except TimeoutError:
                return web.json_response([])
        return web.json_response([entry.as_json() for entry in self._world.ledger.after(after)])

    async def _add_fault(self, request: web.Request) -> web.StreamResponse:
        wanted = await _read(request)
        if "rates" in wanted:
            self._world.faults.random(**wanted)
        else:
            self._world.faults.add(**wanted)
        return web.json_response({}, status=201)

    async def _clear_faults(self, request: web.Request) -> web.StreamResponse:
        self._world.faults.clear()
        return web.json_response({})

    async def _show_limits(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(asdict(self._world.pace.limits))

    async def _set_limits(self, request: web.Request) -> web.StreamResponse:
        wanted = await _read(request)
        self._world.pace.limits = Limits.off() if wanted.get("off") else Limits(**wanted)
        return await self._show_limits(request)

    def _person(self, request: web.Request) -> Person:
        person = self._crowd.people.get(int(request.match_info["id"]))
        if person is None:
            raise web.HTTPNotFound
        return person

    def _group_of(self, wanted: Json) -> Group | None:
        chat_id = wanted.get("chat_id")
        if chat_id is None:
            return None
        group = self._crowd.find_group(chat_id)
        if group is None:
            raise Impossible(f"there is no group {chat_id}")
        return group

    async def _start(self, person: Person, wanted: Json) -> Json:
        return {"message_id": await person.start(wanted.get("payload", ""))}

    async def _say(self, person: Person, wanted: Json) -> Json:
        return {"message_id": await person.say(wanted["text"], self._group_of(wanted), wanted.get("thread_id"))}

    async def _press(self, person: Person, wanted: Json) -> Json:
        group = self._group_of(wanted)
        if wanted.get("stale"):
            press = await person.press_stale(wanted["message_id"], wanted["data"], group)
        else:
            press = await person.press(wanted["data"], wanted.get("message_id"), group)
        try:
            answer = await press.answered(_PRESS_SECONDS)
        except TimeoutError:
            return {"answer": None, "alert": False}
        return {"answer": answer.text, "alert": answer.alert}

    async def _choose(self, person: Person, wanted: Json) -> Json:
        return {"message_id": await person.choose(wanted["label"])}

    async def _contact(self, person: Person, wanted: Json) -> Json:
        return {"message_id": await person.share_contact(own=wanted.get("own", True))}

    async def _edit(self, person: Person, wanted: Json) -> Json:
        await person.edit(wanted["message_id"], wanted["text"])
        return {}

    async def _photo(self, person: Person, wanted: Json) -> Json:
        return {"message_id": await person.send_photo()}

    async def _voice(self, person: Person, wanted: Json) -> Json:
        return {"message_id": await person.send_voice()}

    async def _sticker(self, person: Person, wanted: Json) -> Json:
        return {"message_id": await person.send_sticker()}

    async def _location(self, person: Person, wanted: Json) -> Json:
        return {"message_id": await person.send_location()}

    async def _block(self, person: Person, wanted: Json) -> Json:
        await person.block()
        return {}

    async def _unblock(self, person: Person, wanted: Json) -> Json:
        await person.unblock()
        return {}

    async def _mark_read(self, person: Person, wanted: Json) -> Json:
        person.read()
        return {}


_ACTS: dict[str, Act] = {
    "start": Control._start,
    "say": Control._say,
    "press": Control._press,
    "choose": Control._choose,
    "contact": Control._contact,
    "edit": Control._edit,
    "photo": Control._photo,
    "voice": Control._voice,
    "sticker": Control._sticker,
    "location": Control._location,
    "block": Control._block,
    "unblock": Control._unblock,
    "read": Control._mark_read,
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _guarded(handler: Handler) -> Handler:
    """Tells the caller what was wrong with the request; refuses what another site's page sends."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise web.HTTPForbidden
        try:
            return await handler(request)
        except Impossible as impossible:
            return web.json_response({"error": str(impossible)}, status=409)
        except KeyError as missing:
            return web.json_response({"error": f"there is no {missing}"}, status=400)
        except (TypeError, ValueError) as wrong:
            return web.json_response({"error": str(wrong)}, status=400)

    return guarded


async def _read(request: web.Request) -> Json:
    if not request.can_read_body:
        return {}
    body = json.loads(await request.read() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body

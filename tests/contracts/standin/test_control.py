"""The same acts over HTTP under `/standin/`, as the chat page and tests in other processes use them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.standin import Person, StandIn


async def test_people_are_made_and_listed(api: Any) -> None:
    made = await api.control("POST", "people", {"name": "Li Wei", "phone": "+8613800000001", "about": {"loan": "L1"}})
    assert made == {
        "user_id": made["user_id"],
        "name": "Li Wei",
        "phone": "+8613800000001",
        "language_code": None,
        "about": {"loan": "L1"},
        "started": False,
        "blocked": False,
        "unread": 0,
        "reply_keyboard": [],
    }
    assert await api.control("GET", "people") == [made]


async def test_a_chat_is_shown_as_it_stands(api: Any, ana: Person) -> None:
    markup = {
        "inline_keyboard": [
            [{"text": "Yes", "callback_data": "y", "style": "success"}, {"text": "Site", "url": "https://x.test"}],
            [{"text": "Copy", "copy_text": {"text": "6222"}}],
        ]
    }
    await api.result("sendMessage", chat_id=ana.user_id, text="<b>Due</b>", parse_mode="HTML", reply_markup=markup)
    assert (await api.control("GET", "people"))[0]["unread"] == 1
    shown = (await api.control("GET", f"people/{ana.user_id}/messages"))[-1]
    assert shown == {
        "message_id": 2,
        "from": "bot",
        "from_name": "Gracebot",
        "text": "Due",
        "html": "<b>Due</b>",
        "buttons": [
            [{"label": "Yes", "data": "y", "style": "success"}, {"label": "Site", "url": "https://x.test"}],
            [{"label": "Copy", "copy_text": "6222"}],
        ],
        "reply_keyboard": None,
        "edited": False,
        "at": "2026-03-04T10:00:00+00:00",
        "attachment": None,
        "file_name": None,
        "file_id": None,
        "thread_id": None,
    }
    assert (await api.control("GET", "people"))[0]["unread"] == 0


async def test_reply_keyboards_are_shown_with_what_they_ask_for(api: Any, ana: Person) -> None:
    keys = {"keyboard": [["No", {"text": "My number", "request_contact": True}]]}
    await api.result("sendMessage", chat_id=ana.user_id, text="Who?", reply_markup=keys)
    await api.result("sendMessage", chat_id=ana.user_id, text="Thanks", reply_markup={"remove_keyboard": True})
    shown = await api.control("GET", f"people/{ana.user_id}/messages")
    assert [message["reply_keyboard"] for message in shown] == [
        None,
        [[{"label": "No"}, {"label": "My number", "request_contact": True}]],
        [],
    ]


@pytest.mark.parametrize(
    ("act", "body", "kind"),
    [
        ("start", {"payload": "abc"}, "message"),
        ("say", {"text": "hello"}, "message"),
        ("contact", {"own": True}, "message"),
        ("photo", {}, "message"),
        ("voice", {}, "message"),
        ("sticker", {}, "message"),
        ("location", {}, "message"),
        ("edit", {"message_id": 1, "text": "again"}, "edited_message"),
        ("block", {}, "my_chat_member"),
    ],
)
async def test_every_act_makes_its_update(api: Any, ana: Person, act: str, body: dict[str, Any], kind: str) -> None:
    await api.control("POST", f"people/{ana.user_id}/{act}", body)
    updates = await api.result("getUpdates")
    assert kind in updates[0]


async def test_a_press_gives_the_bots_answer(api: Any, ana: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await api.result("sendMessage", chat_id=ana.user_id, text="Sure?", reply_markup=markup)
    body = {"message_id": sent["message_id"], "data": "y"}
    press = asyncio.create_task(api.control("POST", f"people/{ana.user_id}/press", body))
    query = (await api.result("getUpdates", timeout=5))[0]["callback_query"]
    await api.result("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True)
    assert await press == {"answer": "Done", "alert": True}


async def test_what_cannot_be_done_is_said(api: Any, ana: Person) -> None:
    for path, body, status, why in [
        (f"people/{ana.user_id}/press", {"data": "y"}, 409, "there is no button 'y' to press"),
        (f"people/{ana.user_id}/say", {}, 400, "there is no 'text'"),
        ("people", {"name": "Bo", "shoe_size": 44}, 400, "unexpected keyword argument 'shoe_size'"),
        ("faults", {"kind": "earthquake"}, 400, "'earthquake' is no fault"),
    ]:
        response = await api.session.post(f"{api.url}/standin/{path}", json=body)
        assert response.status == status
        assert why in (await response.json())["error"]
    for path in ("people/99/say", f"people/{ana.user_id}/dance"):
        response = await api.session.post(f"{api.url}/standin/{path}", json={"text": "x"})
        assert response.status == 404


async def test_pages_of_other_sites_are_refused(api: Any, ana: Person) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = await api.session.post(f"{api.url}/standin/people/{ana.user_id}/block", headers=headers)
    assert response.status == 403
    assert not ana.blocked


async def test_the_ledger_is_read_onwards_and_waited_for(api: Any, ana: Person, standin: StandIn) -> None:
    last = len(standin.ledger)
    assert await api.control("GET", f"ledger?after={last}") == []
    waiting = asyncio.create_task(api.control("GET", f"ledger?after={last}&wait=5"))
    await api.result("sendMessage", chat_id=ana.user_id, text="hello")
    entries = await waiting
    assert [(entry["seq"], entry["method"], entry["text"], entry["accepted"]) for entry in entries] == [
        (last + 1, "sendMessage", "hello", True)
    ]
    assert await api.control("GET", f"ledger?after={last + 1}&wait=0.01") == []


async def test_faults_and_limits_are_set_from_outside(api: Any, ana: Person) -> None:
    await api.control("POST", "faults", {"kind": "5xx", "method": "sendMessage", "count": None})
    assert (await api("sendMessage", chat_id=ana.user_id, text="x"))["error_code"] == 502
    await api.control("DELETE", "faults")
    await api.control("POST", "faults", {"seed": 1, "rates": {"5xx": 1.0}})
    assert (await api("sendMessage", chat_id=ana.user_id, text="x"))["error_code"] == 502
    await api.control("DELETE", "faults")
    await api.control("POST", "limits", {"chat_burst": 1})
    assert [(await api("sendMessage", chat_id=ana.user_id, text="x"))["ok"] for _ in range(2)] == [True, False]
    assert (await api.control("POST", "limits", {"off": True}))["per_second"] is None
    assert [(await api("sendMessage", chat_id=ana.user_id, text="x"))["ok"] for _ in range(9)] == [True] * 9


async def test_groups_are_made_and_written_in(api: Any, ana: Person) -> None:
    group = await api.control("POST", "groups", {"title": "Desk", "members": [ana.user_id], "forum": True})
    await api.result("createForumTopic", chat_id=group["chat_id"], name="Case 7")
    listed = (await api.control("GET", "groups"))[0]
    assert listed["topics"] == [{"thread_id": 2, "name": "Case 7", "closed": False}]
    body = {"text": "mine", "chat_id": group["chat_id"], "thread_id": 2}
    await api.control("POST", f"people/{ana.user_id}/say", body)
    shown = await api.control("GET", f"groups/{group['chat_id']}/messages")
    assert [(message["text"], message["attachment"]) for message in shown] == [
        ("", "forum_topic_created"),
        ("mine", None),
    ]


async def test_files_of_the_bot_are_shown_or_downloaded(api: Any, ana: Person) -> None:
    await ana.send_photo()
    await ana.send_document("page.html", b"<script>", content_type="text/html")
    shown = await api.control("GET", f"people/{ana.user_id}/messages")
    answers = []
    for message in shown[1:]:
        response = await api.session.get(f"{api.url}/standin/files/{message['file_id']}")
        answers.append((response.content_type, response.headers.get("Content-Disposition")))
    assert answers == [("image/png", None), ("application/octet-stream", "attachment")]


async def events(response: aiohttp.ClientResponse, count: int) -> list[tuple[int, str, dict[str, Any]]]:
    found: list[tuple[int, str, dict[str, Any]]] = []
    async with asyncio.timeout(5):
        while len(found) < count:
            block = (await response.content.readuntil(b"\n\n")).decode()
            if block.startswith(":"):
                continue
            lines = dict(line.split(": ", 1) for line in block.strip().splitlines())
            found.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return found


async def test_events_tell_what_happens_and_resume(api: Any, ana: Person) -> None:
    async with api.session.get(f"{api.url}/standin/events") as response:
        assert await response.content.readuntil(b"\n\n") == b": open\n\n"
        sent = await api.result("sendMessage", chat_id=ana.user_id, text="one")
        await api.result("sendChatAction", chat_id=ana.user_id, action="typing")
        await api.result("editMessageText", chat_id=ana.user_id, message_id=sent["message_id"], text="two")
        await api.result("deleteMessage", chat_id=ana.user_id, message_id=sent["message_id"])
        await ana.block()
        heard = await events(response, 5)
    assert [kind for _, kind, _ in heard] == ["message", "chat_action", "edit", "delete", "person"]
    assert {content["user_id"] for _, _, content in heard} == {ana.user_id}
    assert [heard[0][2]["message"]["text"], heard[2][2]["message"]["text"]] == ["one", "two"]
    headers = {"Last-Event-ID": str(heard[2][0])}
    async with api.session.get(f"{api.url}/standin/events", headers=headers) as response:
        assert [kind for _, kind, _ in await events(response, 2)] == ["delete", "person"]


async def test_the_page_is_served_with_strict_headers_and_nothing_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text("<title>chat</title>")
    (folder / "page.js").write_text("export {};")
    (tmp_path / "secret.txt").write_text("secret")
    async with StandIn(page_dir=folder).running() as url, aiohttp.ClientSession() as session:
        index = await session.get(url)
        assert (index.url.path, await index.text()) == ("/page/", "<title>chat</title>")
        assert index.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert index.headers["X-Content-Type-Options"] == "nosniff"
        assert (await session.get(f"{url}/page/page.js")).content_type in ("text/javascript", "application/javascript")
        assert (await session.get(f"{url}/page/..%2Fsecret.txt")).status == 404
        assert (await session.get(f"{url}/page/absent.js")).status == 404

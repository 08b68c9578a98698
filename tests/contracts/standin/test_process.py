"""The stand-in as a process of its own."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import aiohttp


async def test_it_says_where_it_is_serves_and_stops_when_told(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([{"name": "Ana", "user_id": 7}]))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.standin", "--port", "0", "--token", "42:X", "--no-limits", "--people", str(people)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    ready = json.loads(await process.stdout.readline())
    async with aiohttp.ClientSession() as session:
        me = await (await session.get(f"{ready['url']}/bot{ready['token']}/getMe")).json()
        assert me["result"]["id"] == 42
        listed = await (await session.get(f"{ready['url']}/standin/people")).json()
        assert [person["user_id"] for person in listed] == [7]
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0

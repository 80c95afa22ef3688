"""Times pyHanko: `beside.py IN.pdf SIGNED.pdf ROOT.pem SECONDS`. Prints JSON: reports a
second on the signed file, B-B signatures (P-256, invisible) a second on the other."""

import asyncio
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "independent"))
import reference  # noqa: E402
import validate  # noqa: E402


async def rate(work, seconds: float) -> float:
    await work()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        await work()
        count += 1
    return count / (time.perf_counter() - start)


async def main() -> None:
    source, signed, root, seconds = sys.argv[1:]
    data, authority = Path(source).read_bytes(), reference.Authority()
    job = {"file": signed, "roots": [root], "revocation": True, "crls": [], "ocsps": []}
    answer = await validate.answer(job)
    assert answer["signatures"][0]["ades"] == "PASSED/OK", answer
    print(json.dumps({
        "verify": await rate(lambda: validate.answer(job), float(seconds)),
        "sign": await rate(lambda: reference.sign(authority, data, None), float(seconds)),
    }))


if __name__ == "__main__":
    asyncio.run(main())

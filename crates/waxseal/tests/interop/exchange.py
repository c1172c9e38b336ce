"""The Python side of exchange.mjs: the same requests on standard input, the same answers."""

import json
import sys

import libraries


def answer(request):
    if request["alg"] not in libraries.ALGORITHMS:
        return {"unsupported": True}
    try:
        if request["op"] == "sign":
            return {"ok": True, "token": libraries.sign(request["key"], request["header"], request["claims"])}
        return {"ok": True} | libraries.verify(request["key"], request)
    except Exception as error:  # whatever the library raises is its answer
        return {"ok": False, "error": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    request = json.loads(line)
    named = {"id": request["id"], "library": f"{libraries.NAME} {libraries.VERSION}"}
    print(json.dumps(named | answer(request)))

"""The Python side of exchange.mjs: the same requests on standard input, the same answers."""

import json
import sys
import warnings

from libraries import LIBRARIES
from objects import OBJECTS

# joserfc warns of `EdDSA`, the name that RFC 9864 replaces: it is asked for on purpose.
warnings.simplefilter("ignore")

# By operation: who answers it, which algorithms they have, and how they do it.
OPERATIONS = {
    "sign": (LIBRARIES, "algorithms", lambda one, ask: {"token": one.sign(ask["key"], ask["header"], ask["claims"])}),
    "verify": (LIBRARIES, "algorithms", lambda one, ask: one.verify(ask["key"], ask)),
    "jws-sign": (OBJECTS, "signing", lambda one, ask: {"jws": one.sign(ask)}),
    "jws-verify": (OBJECTS, "signing", lambda one, ask: one.verify(ask)),
    "jwe-encrypt": (OBJECTS, "management", lambda one, ask: {"jwe": one.encrypt(ask)}),
    "jwe-decrypt": (OBJECTS, "management", lambda one, ask: one.decrypt(ask)),
}


def answer(library, algorithms, perform, request):
    if request["alg"] not in getattr(library, algorithms):
        return {"unsupported": True}
    try:
        return {"ok": True} | perform(library, request)
    except Exception as error:  # whatever the library raises is its answer
        return {"ok": False, "error": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    request = json.loads(line)
    libraries, algorithms, perform = OPERATIONS[request["op"]]
    for library in libraries:
        named = {"id": request["id"], "library": f"{library.name} {library.version}"}
        print(json.dumps(named | answer(library, algorithms, perform, request)))

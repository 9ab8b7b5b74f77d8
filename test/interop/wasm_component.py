"""A host in another language: gets credentials of the local service through the component, with wasmtime.

Arguments: the component, then files of certificate, key and intermediates, then ARNs of trust anchor, profile and role,
and the endpoint. Prints the credentials' access key id and account, and the code of a refused certificate.
"""

import sys
import time
import urllib.error
import urllib.request

from wasmtime import Engine, Store, WasiConfig
from wasmtime.component import Component, Linker, Record

component, certificate, key, intermediates, trust_anchor, profile, role, endpoint = sys.argv[1:]

engine = Engine()
store = Store(engine)
store.set_wasi(WasiConfig())
linker = Linker(engine)
linker.add_wasip2()
instance = linker.instantiate(store, Component.from_file(engine, component))
sessions = instance.get_export_index(store, "anyrole:core/sessions@0.1.0")


def function(name):
    return instance.get_func(store, instance.get_export_index(store, name, sessions))


def record(**members):
    made = Record()
    for name, value in members.items():
        setattr(made, name.replace("_", "-"), value)
    return made


def text(path):
    with open(path) as file:
        return file.read()


def now():
    return int(time.time() * 1000)


def session(certificate_text, key_text):
    identity = record(
        certificate=certificate_text, private_key=key_text, intermediates=text(intermediates), password=None
    )
    options = record(
        trust_anchor_arn=trust_anchor,
        profile_arn=profile,
        role_arn=role,
        duration_seconds=900,
        role_session_name=None,
        region=None,
        endpoint=endpoint,
        fips=False,
        dual_stack=False,
    )
    return function("create-session-request")(store, identity, options, now())


request = session(text(certificate), text(key)).payload
headers = {field.name: field.value for field in request.headers}
sent = urllib.request.Request(request.url, data=request.body.encode(), headers=headers, method="POST")
try:
    with urllib.request.urlopen(sent) as answer:
        status, fields, body = answer.status, answer.headers.items(), answer.read()
except urllib.error.HTTPError as answer:
    status, fields, body = answer.code, answer.headers.items(), answer.read()
answered = [record(name=name, value=value) for name, value in fields]
result = function("parse-session-response")(store, status, answered, body, role, now())
if result.tag != "ok":
    sys.exit(f"{result.payload.code}: {result.payload.message}")
credentials = result.payload
print(getattr(credentials, "access-key-id"), getattr(credentials, "account-id"))
print(session("no certificate", "no key").payload.code)

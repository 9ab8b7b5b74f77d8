# `workerd test` runs the bundle of the neutral tests: no Node compatibility, no compatibility flags but the one that
# is asked for, no network.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "tests", worker = .tests),
    (name = "internet", network = (allow = [])),
  ],
);

const tests :Workerd.Worker = (
  modules = [(name = "tests.mjs", esModule = embed "../../dist/test/workerd.mjs")],
  compatibilityDate = "2026-11-01",
);

// runtimes: node20 node deno bun workerd
import { configText } from "../../../../runtimes/shared/config-file/config-text.ts";
import { profileEnvironment } from "../../../../runtimes/shared/config-file/profile-environment.ts";
import { memoryHost } from "../../../support/memory-host.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/shared/config-file/profile-environment");

const read = (text: string, environment: Record<string, string> = {}): (name: string) => string | undefined =>
  profileEnvironment(memoryHost({ environment }), text);

const FILE = `# a comment
[default]
ca_bundle = /default.pem
anyrole_certificate = /default-cert.pem

[profile edge]
region = eu-central-1
CA_Bundle=/edge.pem ; with a comment
use_fips_endpoint = true
max_attempts = 5
services = local
anyrole_certificate = /etc/edge/zo\xc3\xab.pem
anyrole_cert_selector = Key=x509Subject,Value=CN=edge
s3 =
  endpoint_url = http://s3.example
anyrole_region =

[services local]
rolesanywhere =
  endpoint_url = http://127.0.0.1:1
  other = x
sts =
    endpoint_url = http://127.0.0.1:2
[services other]
sts =
  endpoint_url = http://127.0.0.1:3
`;

test("profileEnvironment() answers for the profile that the environment names", () => {
  const edge = read(FILE, { AWS_PROFILE: "edge", AWS_DEFAULT_PROFILE: "other" });
  assert.is(edge("AWS_CA_BUNDLE"), "/edge.pem");
  assert.is(edge("AWS_USE_FIPS_ENDPOINT"), "true");
  assert.is(edge("AWS_MAX_ATTEMPTS"), "5");
  assert.is(edge("AWS_ENDPOINT_URL_ROLESANYWHERE"), "http://127.0.0.1:1");
  assert.is(edge("AWS_ENDPOINT_URL_STS"), "http://127.0.0.1:2");
  assert.is(edge("AWS_ENDPOINT_URL"), undefined);
  assert.is(edge("ANYROLE_CERTIFICATE"), "/etc/edge/zoë.pem");
  assert.is(edge("ANYROLE_CERT_SELECTOR"), "Key=x509Subject,Value=CN=edge");
  assert.is(edge("ANYROLE_REGION"), undefined);
  assert.is(edge("AWS_REGION"), undefined);
  assert.is(read(FILE, { AWS_DEFAULT_PROFILE: "edge" })("AWS_CA_BUNDLE"), "/edge.pem");
});

test("profileEnvironment() answers for the default profile, and for one that is not there nothing", () => {
  assert.is(read(FILE)("ANYROLE_CERTIFICATE"), "/default-cert.pem");
  assert.is(read(FILE)("AWS_ENDPOINT_URL_STS"), undefined);
  assert.is(read(FILE, { AWS_PROFILE: "none" })("AWS_CA_BUNDLE"), undefined);
  assert.is(read("[profile default]\nca_bundle=a\n[default]\nca_bundle=b")("AWS_CA_BUNDLE"), "a");
  assert.is(read("[edge]\nca_bundle=a", { AWS_PROFILE: "edge" })("AWS_CA_BUNDLE"), undefined);
});

test("profileEnvironment() lets the environment go first, and what is empty there count for nothing", () => {
  const environment = { AWS_PROFILE: "edge", AWS_CA_BUNDLE: "/mine.pem", AWS_MAX_ATTEMPTS: "", HOME: "/me" };
  const edge = read(FILE, environment);
  assert.is(edge("AWS_CA_BUNDLE"), "/mine.pem");
  assert.is(edge("AWS_MAX_ATTEMPTS"), "5");
  assert.is(edge("HOME"), "/me");
  assert.is(edge("PATH"), undefined);
  // What is said of all services goes before what a profile says of one.
  const all = read(FILE, { AWS_PROFILE: "edge", AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
  assert.is(all("AWS_ENDPOINT_URL_STS"), undefined);
  assert.is(all("AWS_ENDPOINT_URL"), "http://127.0.0.1:9");
});

test("profileEnvironment() takes files that are no config files", () => {
  for (
    const text of [
      "",
      "ca_bundle = x",
      "[default",
      "[default]\nca_bundle",
      "[]\nca_bundle=x",
      "\xff\xfe[default]\nca_bundle=x",
    ]
  ) {
    assert.is(read(text)("AWS_CA_BUNDLE"), undefined);
  }
  assert.is(read("\xef\xbb\xbf[ default ]\r\nca_bundle : x\r\n")("AWS_CA_BUNDLE"), "x");
});

test("configText() reads the file of AWS_CONFIG_FILE or the home directory, if it says anything", () => {
  const files = {
    "/me/.aws/config": "[default]\nca_bundle=home",
    "/me/other": "[default]\nca_bundle=other",
    "/me/silent": "[default]\nregion=x",
  };
  const at = (environment: Record<string, string>) => configText(memoryHost({ files, environment }));
  assert.match(at({ HOME: "/me" })!, "home");
  assert.match(at({ HOME: "/me", AWS_CONFIG_FILE: "~/other" })!, "other");
  assert.match(at({ AWS_CONFIG_FILE: "/me/other" })!, "other");
  assert.is(at({ AWS_CONFIG_FILE: "/me/silent" }), undefined);
  assert.is(at({ AWS_CONFIG_FILE: "/me/none" }), undefined);
  assert.is(at({}), undefined);
});

test.run();

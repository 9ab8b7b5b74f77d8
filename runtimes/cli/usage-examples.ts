/**
 * Examples in the help of commands.
 *
 * @module
 */

const IDENTITY = "--certificate client.pem --private-key client-key.pem";
const ARNS = "--trust-anchor-arn arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/TRUST-ANCHOR-ID " +
  "--profile-arn arn:aws:rolesanywhere:eu-central-1:123456789012:profile/PROFILE-ID " +
  "--role-arn arn:aws:iam::123456789012:role/Example";

/** What is called, by the command. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = /* @__PURE__ */ examples();

function examples(): Readonly<Record<string, readonly string[]>> {
  return {
    "credential-process": [
      `anyrole credential-process ${IDENTITY} ${ARNS}`,
      `anyrole credential-process ${IDENTITY} ${ARNS} --assume-role-arn arn:aws:iam::210987654321:role/Deploy`,
      `anyrole credential-process --certificate env:CERTIFICATE --private-key - ${ARNS}`,
      `anyrole credential-process --certificate pkcs11:token=edge;object=edge-7 --pkcs11-pin-file pin.txt ${ARNS}`,
      `anyrole credential-process --certificate client.pem --private-key handle:0x81010001 ${ARNS}`,
    ],
    "serve": [
      `anyrole serve ${IDENTITY} ${ARNS}`,
      `anyrole serve ${IDENTITY} ${ARNS} --mode container --unix-socket /run/anyrole.sock`,
    ],
    "update": [
      `anyrole update ${IDENTITY} ${ARNS} --profile edge`,
      `anyrole update ${IDENTITY} ${ARNS} --once`,
    ],
    "exec": [`anyrole exec ${IDENTITY} ${ARNS} -- aws s3 ls`],
    "env": [
      `eval "$(anyrole env ${IDENTITY} ${ARNS})"`,
      `anyrole env ${IDENTITY} ${ARNS} --format github-actions`,
    ],
    "cache list": ["anyrole cache list --json"],
    "cache clear": ["anyrole cache clear"],
    "read-certificate-data": [
      "anyrole read-certificate-data --certificate client.pem",
      "anyrole read-certificate-data --cert-directory /etc/pki --cert-selector Key=x509Subject,Value=CN=edge",
    ],
    "sign-string": [
      "anyrole sign-string --private-key client-key.pem --format text",
      "anyrole sign-string --private-key client.p12 --password-file password.txt",
    ],
    "verify": ["anyrole verify --certificate client.pem --trust-anchor ca.pem --explain"],
    "explain": ["anyrole explain --certificate client.pem --trust-anchor ca.pem"],
    "doctor": [`anyrole doctor ${IDENTITY} ${ARNS}`],
    "init": [`anyrole init --profile edge ${IDENTITY} ${ARNS}`],
    "bridge": [
      "anyrole bridge --key client-key.pem --certificate client.pem --unix-socket /run/user/1000/anyrole-bridge.sock",
      "anyrole bridge --key client-key.pem --certificate client.pem --port 9912",
      "anyrole bridge --grants grants.json --audit-file signatures.jsonl",
    ],
    "token list": [
      "anyrole token list --pkcs11-lib /usr/lib/softhsm/libsofthsm2.so",
      "anyrole token list --pkcs11-lib sql:/etc/pki/nssdb --login --pkcs11-pin-file pin.txt --json",
    ],
    "token generate": [
      "anyrole token generate --uri pkcs11:token=edge;object=edge-7 --key-type rsa-2048 --pkcs11-pin-file pin.txt",
      "anyrole token generate --tpm --output tpm-key.pem",
    ],
    "token csr": ["anyrole token csr --private-key tpm-key.pem --subject CN=edge-7,O=Example"],
    "token import-certificate": [
      "anyrole token import-certificate --private-key pkcs11:token=edge;object=edge-7 --certificate client.pem",
    ],
    "emulator": ["anyrole emulator --state anyrole-state.jsonl"],
    "demo": ["anyrole demo"],
    "completion bash": ["source <(anyrole completion bash)"],
    "completion zsh": ['anyrole completion zsh > "${fpath[1]}/_anyrole"'],
    "completion fish": ["anyrole completion fish > ~/.config/fish/completions/anyrole.fish"],
    "completion powershell": ["anyrole completion powershell | Out-String | Invoke-Expression"],
    "version": ["anyrole version"],
  };
}

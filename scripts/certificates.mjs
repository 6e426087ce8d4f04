// Whether the system has certificates of certificate authorities. Without any the runtime does not
// start, and says so in the middle of a hundred lines. Node 20, no dependency.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Where the runtime looks on Linux, unless the environment names other places. */
const places = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/ssl/cert.pem",
  "/opt/etc/ssl/certs/ca-certificates.crt",
  "/etc/ssl/certs/cacert.pem",
  "/etc/ssl/certs",
  "/etc/pki/tls/certs",
];

function holdsCertificate(path) {
  if (!existsSync(path)) return false;
  if (statSync(path).isDirectory()) {
    return readdirSync(path).some((file) => holdsCertificate(join(path, file)));
  }
  return readFileSync(path, "latin1").includes("-----BEGIN CERTIFICATE-----");
}

/** `env`: SSL_CERT_FILE and SSL_CERT_DIR replace all places. */
export function hasCertificates(env, root = "/") {
  const named = [env.SSL_CERT_FILE, env.SSL_CERT_DIR].filter(Boolean);
  return (named.length > 0 ? named : places).some((path) => holdsCertificate(join(root, path)));
}

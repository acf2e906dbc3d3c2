// What both wallets here have in common: a key, signatures, and the last refusal that came over the line.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

const encode = (value) => Buffer.from(value).toString("base64url");

export function makeKey() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty, crv, x, y } = publicKey.export({ format: "jwk" });
  return { jwk: { kty, crv, x, y }, privateKey };
}

export function signWith(key, header, payload) {
  const text = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}`;
  return `${text}.${sign("sha256", Buffer.from(text), { key: key.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

export const didJwk = (jwk) => `did:jwk:${encode(JSON.stringify(jwk))}`;
export const hash = (data, algorithm) => createHash(algorithm.replace("-", "")).update(data).digest();
export const random = (length) => randomBytes(length);

export const heard = { error: "", status: 0 };
const real = globalThis.fetch;

export async function listening(...request) {
  const response = await real(...request);
  if (!response.ok) {
    heard.status = response.status;
    try {
      heard.error = (await response.clone().json()).error ?? "";
    } catch {
      heard.error = "";
    }
  }
  return response;
}
globalThis.fetch = listening;

// One claim for each line of input; what is thrown is told with the refusal that caused it.
export async function answer(claim) {
  const said = JSON.parse(process.argv[2]);
  const out = [];
  for (const task of said) {
    heard.error = "";
    heard.status = 0;
    try {
      out.push({ credentials: await claim(task), ...heard });
    } catch (error) {
      out.push({ thrown: String(error?.stack ?? error).slice(0, 1500), ...heard });
    }
  }
  process.stdout.write(JSON.stringify(out));
  process.exit(0);
}

// A wallet made with @openid4vc/openid4vp (OpenID4VP 1.0) and @sd-jwt/sd-jwt-vc: JSON tasks in, JSON answers out.

import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { setGlobalConfig } from "@openid4vc/oauth2";
import { Openid4vpClient, Openid4vpVerifier } from "@openid4vc/openid4vp";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { CompactEncrypt, compactDecrypt, importJWK } from "jose";

setGlobalConfig({ allowInsecureUrls: true });

const encode = (value) => Buffer.from(value).toString("base64url");
const hash = (data, algorithm) => createHash(algorithm.replace("-", "")).update(data).digest();
const signed = (jwk, text) =>
  sign("sha256", Buffer.from(text), { key: createPrivateKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" }).toString("base64url");
const holds = (jwk, text, signature) => {
  const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" };
  return verify(jwk.kty === "OKP" ? null : "sha256", Buffer.from(text), key, Buffer.from(signature, "base64url"));
};

function signJwt(jwk, header, payload) {
  const text = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}`;
  return `${text}.${signed(jwk, text)}`;
}

// Keys of requests are given to this wallet: it is no DID resolver.
const callbacks = (task) => ({
  fetch,
  hash,
  generateRandom: (length) => randomBytes(length),
  signJwt: async (signer, { header, payload }) => ({ jwt: signJwt(task.askerJwk, header, payload), signerJwk: task.publicJwk }),
  verifyJwt: async (signer, { compact }) => {
    const [header, payload, signature] = compact.split(".");
    const verified = holds(task.verifierJwk, `${header}.${payload}`, signature);
    return verified ? { verified, signerJwk: task.verifierJwk } : { verified };
  },
  encryptJwe: async (encryptor, data) => {
    const key = await importJWK(encryptor.publicJwk, "ECDH-ES");
    const header = { alg: "ECDH-ES", enc: encryptor.enc, kid: encryptor.publicJwk.kid };
    return { encryptionJwk: encryptor.publicJwk, jwe: await new CompactEncrypt(Buffer.from(data)).setProtectedHeader(header).encrypt(key) };
  },
  decryptJwe: async (jwe) => {
    const { plaintext } = await compactDecrypt(jwe, await importJWK(task.readerJwk, "ECDH-ES"));
    return { decrypted: true, decryptionJwk: task.readerJwk, payload: Buffer.from(plaintext).toString() };
  },
  getX509CertificateMetadata: () => { throw new Error("no certificates here"); },
});

const sdJwt = (jwk, kbJwk) =>
  new SDJwtVcInstance({
    hashAlg: "sha-256",
    hasher: async (data, algorithm) => new Uint8Array(hash(data, algorithm)),
    saltGenerator: async () => randomBytes(16).toString("base64url"),
    signer: async (text) => signed(jwk, text),
    signAlg: "ES256",
    verifier: async () => true, // the issuer is another question
    kbSigner: async (text) => signed(jwk, text),
    kbSignAlg: "ES256",
    kbVerifier: async (text, signature) => holds(kbJwk, text, signature),
  });

async function shown(task, request, client) {
  const nonce = task.misuse === "nonce" ? "another-nonce-of-some-length" : request.nonce;
  const aud = task.misuse === "audience" ? "decentralized_identifier:did:web:other.example" : request.client_id;
  const iat = task.now;
  if (task.format === "dc+sd-jwt") {
    const key = task.misuse === "key" ? task.thiefJwk : task.holderJwk;
    return sdJwt(key).present(task.record, { award: true, results: true }, { kb: { payload: { iat, aud, nonce } } });
  }
  const held = { "@context": "https://www.w3.org/ns/credentials/v2", id: `data:application/vc+jwt,${task.record}`, type: "EnvelopedVerifiableCredential" };
  const claims = {
    "@context": ["https://www.w3.org/ns/credentials/v2"], type: ["VerifiablePresentation"], holder: task.holder,
    verifiableCredential: [held], iat, aud, nonce,
  };
  return signJwt(task.misuse === "key" ? task.thiefJwk : task.holderJwk, { alg: "ES256", typ: "vp+jwt", kid: task.kid }, claims);
}

async function answers(task) {
  const client = new Openid4vpClient({ callbacks: callbacks(task) });
  const parsed = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: task.link });
  const resolved = await client.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: parsed.params });
  const request = resolved.authorizationRequestPayload;
  const id = resolved.dcql.query.credentials[0].id;
  const vp_token = { [id]: [await shown(task, request, client)] };
  if (task.misuse === "extra") vp_token.extra = vp_token[id];
  const jarm = task.encrypted
    ? { encryption: { nonce: randomBytes(16).toString("base64url") }, serverMetadata: { authorization_signing_alg_values_supported: [], authorization_encryption_alg_values_supported: ["ECDH-ES"], authorization_encryption_enc_values_supported: ["A256GCM", "A128GCM"] } }
    : undefined;
  const response = await client.createOpenid4vpAuthorizationResponse({
    authorizationRequestPayload: request, clientMetadata: request.client_metadata, authorizationResponsePayload: { vp_token }, jarm,
  });
  const to = task.misuse === "elsewhere" ? { response_uri: `${request.response_uri}x` } : request;
  const submit = () => client.submitOpenid4vpAuthorizationResponse({ ...response, authorizationRequestPayload: to });
  const sent = await submit();
  const second = task.misuse === "replay" ? await submit() : sent;
  return { version: resolved.version, prefix: resolved.client.prefix, status: second.response.status };
}

async function asks(task) {
  const verifier = new Openid4vpVerifier({ callbacks: callbacks(task) });
  const made = await verifier.createOpenId4vpAuthorizationRequest({
    scheme: "openid4vp://",
    authorizationRequestPayload: task.request,
    jar: { jwtSigner: { method: "did", alg: "ES256", didUrl: task.kid }, expiresInSeconds: 300 },
    version: 100,
  });
  return { link: made.authorizationRequest };
}

async function checks(task) {
  const verifier = new Openid4vpVerifier({ callbacks: callbacks(task) });
  const parsed = await verifier.parseOpenid4vpAuthorizationResponse({
    authorizationResponse: task.form, authorizationRequestPayload: task.request, callbacks: callbacks(task),
  });
  const [id, [text]] = Object.entries(parsed.dcql?.presentations ?? parsed.authorizationResponsePayload.vp_token)[0];
  const verified = await sdJwt(task.askerJwk, task.holderJwk).verify(text, { keyBindingNonce: task.request.nonce, requiredClaimKeys: [] });
  return { id, payload: verified.payload, audience: verified.kb.payload.aud };
}

// The town has a day of its own, and the packages look at the clock.
const RealDate = Date;
let moment = 0;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length ? parts : [moment]));
  }
  static now() {
    return moment;
  }
};

const out = [];
for (const task of JSON.parse(process.argv[2])) {
  moment = task.now * 1000;
  try {
    out.push(await { answers, asks, checks }[task.act](task));
  } catch (error) {
    out.push({ thrown: String(error?.stack ?? error).slice(0, 1200) });
  }
}
process.stdout.write(JSON.stringify(out));
process.exit(0);

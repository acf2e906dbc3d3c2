// A wallet made with @openid4vc/openid4vci (OpenID4VCI 1.0): JSON tasks in, JSON answers out.

import { clientAuthenticationNone, setGlobalConfig } from "@openid4vc/oauth2";
import { Openid4vciClient } from "@openid4vc/openid4vci";
import { answer, didJwk, hash, listening, makeKey, random, signWith } from "./shared.mjs";

setGlobalConfig({ allowInsecureUrls: true });

await answer(async (task) => {
  const key = makeKey();
  const dpopKey = makeKey();
  const signing = (signer) => (signer.publicJwk && signer.publicJwk.x === dpopKey.jwk.x ? dpopKey : key);
  const client = new Openid4vciClient({
    callbacks: {
      fetch: listening,
      hash,
      generateRandom: random,
      clientAuthentication: clientAuthenticationNone({ clientId: "wallet" }),
      signJwt: async (signer, { header, payload }) => ({
        jwt: signWith(task.misuse === "key" && !header.typ.startsWith("dpop") ? makeKey() : signing(signer), header, payload),
        signerJwk: signing(signer).jwk,
      }),
      verifyJwt: async () => ({ verified: false }),
      encryptJwe: async () => { throw new Error("not encrypted here"); },
      decryptJwe: async () => { throw new Error("not encrypted here"); },
    },
  });
  const credentialOffer = await client.resolveCredentialOffer(task.offer);
  const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const dpop = task.dpop ? { signer: { method: "jwk", alg: "ES256", publicJwk: dpopKey.jwk } } : undefined;
  let token;
  if (task.back) {
    const state = "s-123";
    const { authorizationRequestUrl, pkce } = await client.createAuthorizationRequestUrlFromOffer({
      credentialOffer, issuerMetadata, clientId: "wallet", redirectUri: task.back, scope: task.configuration,
      additionalRequestPayload: { state }, dpop,
    });
    const body = new URLSearchParams({ answer: "yes", code: task.txCode });
    const site = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
    const went = await fetch(authorizationRequestUrl, { method: "POST", body, headers: site, redirect: "manual" });
    const code = new URL(went.headers.get("location")).searchParams.get("code");
    token = await client.retrieveAuthorizationCodeAccessTokenFromOffer({
      credentialOffer, issuerMetadata, authorizationCode: code, redirectUri: task.back, dpop,
      pkceCodeVerifier: task.misuse === "pkce" ? "x".repeat(43) : pkce.codeVerifier,
      additionalRequestPayload: { client_id: "wallet" },
    });
  } else {
    const redeem = (txCode) =>
      client.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata, txCode, dpop });
    for (let n = 0; n < (task.wrong ?? 0); n++) await redeem("x").catch(() => {});
    token = await redeem(task.txCode);
    if (task.misuse === "replay") await redeem(task.txCode);
  }
  const { c_nonce: fresh } = await client.requestNonce({ issuerMetadata });
  const signer = task.did
    ? { method: "did", alg: "ES256", didUrl: `${didJwk(key.jwk)}#0` }
    : { method: "jwk", alg: "ES256", publicJwk: key.jwk };
  const proving = task.misuse === "audience"
    ? { ...issuerMetadata, credentialIssuer: { ...issuerMetadata.credentialIssuer, credential_issuer: "https://other.example" } }
    : issuerMetadata;
  const { jwt } = await client.createCredentialRequestJwtProof({
    issuerMetadata: proving, signer, credentialConfigurationId: task.configuration,
    nonce: task.misuse === "nonce" ? "wrong" : fresh,
  });
  const ask = () => client.retrieveCredentials({
    issuerMetadata, credentialConfigurationId: task.configuration, proofs: { jwt: [jwt] },
    accessToken: token.accessTokenResponse.access_token, dpop: dpop ? { ...dpop, ...token.dpop } : undefined,
  });
  const received = await ask();
  if (task.misuse === "proof again") await ask();
  const answered = received.credentialResponse;
  await client.sendNotification({
    issuerMetadata, accessToken: token.accessTokenResponse.access_token, dpop: dpop ? { ...dpop, ...token.dpop } : undefined,
    notification: { notificationId: answered.notification_id, event: "credential_accepted" },
  });
  return answered.credentials.map((each) => each.credential);
});

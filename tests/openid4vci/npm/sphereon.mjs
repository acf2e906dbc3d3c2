// A wallet made with @sphereon/oid4vci-client: JSON tasks in, JSON answers out.

import { OpenID4VCIClientV1_0_15 } from "@sphereon/oid4vci-client";
import { answer, didJwk, makeKey, signWith } from "./shared.mjs";

await answer(async (task) => {
  const key = makeKey();
  const client = await OpenID4VCIClientV1_0_15.fromURI({ uri: task.offer, retrieveServerMetadata: true, createAuthorizationRequestURL: false, clientId: "wallet" });
  const metadata = await client.retrieveServerMetadata();
  const wanted = [{ type: "openid_credential", credential_configuration_id: task.configuration }];
  const details = { authorization_details: JSON.stringify(wanted) };
  const redeem = (pin) => client.acquireAccessToken({ pin, additionalRequestParams: details, additionalParams: details });
  for (let n = 0; n < (task.wrong ?? 0); n++) await redeem("000000").catch(() => {});
  const token = await redeem(task.txCode);
  if (task.misuse === "replay") {
    const again = await OpenID4VCIClientV1_0_15.fromURI({ uri: task.offer, retrieveServerMetadata: true, createAuthorizationRequestURL: false, clientId: "wallet" });
    again.credentialOffer.credential_offer.grants = client.credentialOffer.credential_offer.grants;
    await again.acquireAccessToken({ pin: task.txCode });
  }
  const received = await client.acquireCredentials({
    credentialIdentifier: token.authorization_details[0].credential_identifiers[0],
    format: task.format,
    alg: "ES256",
    ...(task.did ? { kid: `${didJwk(key.jwk)}#0` } : { jwk: key.jwk }),
    proofCallbacks: {
      signCallback: async ({ header, payload }) => {
        const said = { ...payload };
        if (task.misuse === "nonce") said.nonce = "wrong";
        if (task.misuse === "audience") said.aud = "https://other.example";
        return signWith(task.misuse === "key" ? makeKey() : key, header, said);
      },
    },
  });
  const all = received.credentials ?? [{ credential: received.credential }];
  return all.map((each) => each.credential ?? each);
});

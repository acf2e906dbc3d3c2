// Reads {questions: [{trust, pages, token}], at}; answers for each its report, or {refused: why}. `pages` are in base64,
// by address; `without` names what this browser lacks.
import { Evidence } from "../../testamur/web/page/evidence.js";
import { readTrustList } from "../../testamur/web/page/trust_list.js";
import { verify } from "../../testamur/web/page/verify.js";
import { Fault } from "../../testamur/web/page/wrongs.js";

const { questions, at, without = "" } = JSON.parse(await new Response(process.stdin).text());
if (without) {
  const importKey = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = async (format, data, algorithm, ...rest) => {
    if (algorithm.name === without) throw new DOMException("unknown", "NotSupportedError");
    return importKey(format, data, algorithm, ...rest);
  };
}
const now = new Date(at);
const shelf = { get: async () => null, put: async () => {} };

async function answer({ trust, pages, token }) {
  const asked = [];
  const fetched = async (url) => {
    asked.push(url);
    return url in pages ? new Response(Buffer.from(pages[url], "base64")) : new Response("", { status: 404 });
  };
  const origins = new Set(Object.keys(pages).map((url) => new URL(url).origin));
  const evidence = new Evidence({ origins, shelf, fetch: fetched, now: () => now });
  try {
    return { ...(await verify(token, { at: now, issuers: readTrustList(trust), evidence })), asked };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { refused: error.message };
  }
}

const answers = [];
for (const question of questions) answers.push(await answer(question));
console.log(JSON.stringify(answers));

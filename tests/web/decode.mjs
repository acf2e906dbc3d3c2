// Reads [vocabulary in base64, [text, …]]; answers for each text its token, or {refused: why}.
import { decode } from "../../testamur/web/page/paper_code.js";
import { Fault } from "../../testamur/web/page/wrongs.js";

const [vocabulary, texts] = JSON.parse(await new Response(process.stdin).text());
const bytes = Uint8Array.from(atob(vocabulary), (character) => character.charCodeAt(0));
const answers = [];
for (const text of texts) {
  try {
    answers.push(await decode(text, bytes));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    answers.push({ refused: error.message });
  }
}
console.log(JSON.stringify(answers));

// jsonld.js in safe mode, for comparison: one JSON document a line in, one answer a line out.
// usage: node canonize.mjs MODULES_FOLDER CONTEXTS_FILE < documents
import {createRequire} from 'node:module';
import {createInterface} from 'node:readline';
import {readFileSync} from 'node:fs';

const [modules, contextsFile] = process.argv.slice(2);
const jsonld = createRequire(modules + '/')('jsonld');
const contexts = JSON.parse(readFileSync(contextsFile, 'utf8'));

async function documentLoader(url) {
  if(!Object.hasOwn(contexts, url)) {
    throw new Error('unknown context ' + url);
  }
  return {contextUrl: null, documentUrl: url, document: contexts[url], tag: 'static'};
}

for await (const line of createInterface({input: process.stdin})) {
  let answer;
  try {
    const text = await jsonld.canonize(JSON.parse(line), {
      algorithm: 'RDFC-1.0', format: 'application/n-quads', base: null, safe: true, documentLoader,
    });
    answer = {text};
  } catch(error) {
    answer = {error: String(error.details?.event?.code ?? error.cause?.message ?? error.message).slice(0, 200)};
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}

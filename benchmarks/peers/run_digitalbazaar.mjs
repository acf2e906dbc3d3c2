// @digitalbazaar/vc with the eddsa-rdfc-2022 cryptosuite: the same talk as serving.py. Argument: node_modules.
import {createInterface} from 'node:readline';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const modules = process.argv[2];
const BLOCK = 'eddsa-rdfc-2022';
const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const AT = new Date('2026-09-01T12:00:00Z');

async function load(name) {
  const folder = join(modules, name);
  const {exports = {}, main} = JSON.parse(readFileSync(join(folder, 'package.json')));
  const entry = exports['.'] ?? exports;
  const found = [entry.import, entry.node, entry.default, entry, main, 'lib/index.js']
    .map(each => each?.default ?? each)
    .find(each => typeof each === 'string' && existsSync(join(folder, each)));
  return import(pathToFileURL(join(folder, found)).href);
}

const vc = await load('@digitalbazaar/vc');
const {DataIntegrityProof} = await load('@digitalbazaar/data-integrity');
const {cryptosuite} = await load('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const multikey = await load('@digitalbazaar/ed25519-multikey');

let documents, key, documentLoader;
const made = [];

async function begin(material) {
  const known = new Map(Object.entries(material.contexts));
  const {id, secret} = material.keys.Ed25519;
  key = await multikey.generate({id, controller: material.did, seed: Buffer.from(secret, 'hex')});
  // the contexts of the published document are newer than this package
  known.set(material.did, {...material.controller, '@context': ['https://www.w3.org/ns/did/v1', MULTIKEY]});
  for(const method of material.controller.verificationMethod) {
    known.set(method.id, {'@context': MULTIKEY, ...method});
  }
  documentLoader = async url => {
    if(!known.has(url)) {
      throw new Error(`${url} is not known here`);
    }
    return {contextUrl: null, documentUrl: url, document: known.get(url), tag: 'static'};
  };
  documents = material.documents[0].documents.map(each => JSON.stringify(each));
  for(const document of documents.slice(0, 10)) {
    made.push(await issue(document));
  }
  const answer = await verify(made[0]);
  if(!answer.verified) {
    throw new Error(why(answer));
  }
  return ['create', 'verify'].map((act, number) => ({block: BLOCK, act, number, note: '', refused: ''}));
}

async function issue(text) {
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite, date: '2026-07-01T00:00:00Z'});
  return JSON.stringify(await vc.issue({credential: JSON.parse(text), suite, documentLoader, now: AT}));
}

const checkStatus = async () => ({verified: true});

async function verify(text) {
  const suite = new DataIntegrityProof({cryptosuite});
  return vc.verifyCredential({credential: JSON.parse(text), suite, documentLoader, now: AT, checkStatus});
}

function why({error}) {
  const inner = error?.errors?.[0] ?? error;
  return String(inner?.cause?.message ?? inner?.message ?? inner);
}

async function timed(number, calls) {
  const seconds = [];
  for(let call = 0; call < calls; call++) {
    const start = performance.now();
    if(number === 0) {
      await issue(documents[call % documents.length]);
    } else if(!(await verify(made[call % made.length])).verified) {
      throw new Error('a proof of its own does not verify');
    }
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
}

async function answer(question) {
  if('begin' in question) {
    return begin(question.begin);
  }
  if('issue' in question) {
    return issue(question.issue);
  }
  if('verify' in question) {
    const report = await verify(question.verify);
    return {verified: report.verified, why: report.verified ? '' : why(report)};
  }
  if('memory' in question) {
    return +readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\s*(\d+)/)[1];
  }
  return timed(question.act, question.calls);
}

for await (const line of createInterface({input: process.stdin})) {
  let said;
  try {
    said = {answer: await answer(JSON.parse(line))};
  } catch(error) {
    said = {error: `${error?.details?.url ?? ''} ${error?.message ?? error}`.slice(0, 300)};
  }
  process.stdout.write(JSON.stringify(said) + '\n');
}

// ecdsa-sd-2023 and bbs-2023 of @digitalbazaar: the same talk as serving.py. Argument: node_modules.
import {createInterface} from 'node:readline';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const modules = process.argv[2];
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
const suites = {
  'ecdsa-sd-2023': await load('@digitalbazaar/ecdsa-sd-2023-cryptosuite'),
  'bbs-2023': await load('@digitalbazaar/bbs-2023-cryptosuite')
};
const ecdsa = await load('@digitalbazaar/ecdsa-multikey');
const bls = await load('@digitalbazaar/bls12-381-multikey');

const acts = [];
let documentLoader;

async function signerOf(name, {id, controller, secret, raw, jwk}) {
  if(name === 'ecdsa-sd-2023') {
    const d = Buffer.from(secret, 'hex').toString('base64url');
    return (await ecdsa.fromJwk({jwk: {...jwk, d}, secretKey: true, id, controller})).signer();
  }
  const pair = await bls.fromRaw({
    algorithm: bls.ALGORITHMS.BBS_BLS12381_SHA256,
    secretKey: Buffer.from(secret, 'hex'), publicKey: Buffer.from(raw, 'hex')
  });
  Object.assign(pair, {id, controller});
  const signer = pair.signer();
  signer.id = id;
  return signer;
}

async function begin({contexts, did, keys, documents, mandatory, selective}) {
  const known = new Map(Object.entries(contexts));
  const methods = Object.values(keys).map(({id, multikey}) =>
    ({id, type: 'Multikey', controller: did, publicKeyMultibase: multikey}));
  known.set(did, {
    '@context': ['https://www.w3.org/ns/did/v1', MULTIKEY],
    id: did, verificationMethod: methods, assertionMethod: methods.map(({id}) => id)
  });
  methods.forEach(method => known.set(method.id, {'@context': MULTIKEY, ...method}));
  documentLoader = async url => {
    if(!known.has(url)) {
      throw new Error(`${url} is not known here`);
    }
    return {contextUrl: null, documentUrl: url, document: known.get(url), tag: 'static'};
  };
  const offers = [];
  for(const [name, library] of Object.entries(suites)) {
    const signer = await signerOf(name, {...keys[name], controller: did});
    offers.push(...await offer(name, library, signer, documents, mandatory, selective));
  }
  return offers;
}

async function offer(block, library, signer, documents, mandatory, selective) {
  const sign = text => vc.issue({
    credential: JSON.parse(text), documentLoader, now: AT,
    suite: new DataIntegrityProof({
      signer, date: '2026-07-01T00:00:00Z',
      cryptosuite: library.createSignCryptosuite({mandatoryPointers: mandatory})
    })
  });
  const derive = held => vc.derive({
    verifiableCredential: held, documentLoader,
    suite: new DataIntegrityProof({
      cryptosuite: library.createDiscloseCryptosuite({selectivePointers: selective})
    })
  });
  const verify = async copy => {
    const answer = await vc.verifyCredential({
      credential: copy, documentLoader, now: AT, checkStatus: async () => ({verified: true}),
      suite: new DataIntegrityProof({cryptosuite: library.createVerifyCryptosuite()})
    });
    if(!answer.verified) {
      throw new Error(why(answer));
    }
  };
  let refused = '';
  for(const {note, documents: given} of documents) {
    const texts = given.map(each => JSON.stringify(each));
    try {
      const held = [];
      for(const text of texts.slice(0, 5)) {
        held.push(await sign(text));
      }
      const copies = [];
      for(const each of held) {
        copies.push(await derive(structuredClone(each)));
      }
      await verify(structuredClone(copies[0]));
      const ways = {
        create: call => sign(texts[call % texts.length]),
        derive: call => derive(structuredClone(held[call % held.length])),
        verify: call => verify(structuredClone(copies[call % copies.length]))
      };
      return Object.entries(ways).map(([act, way]) => {
        acts.push(way);
        return {block, act, number: acts.length - 1, note, refused};
      });
    } catch(error) {
      refused ||= String(error?.message ?? error).slice(0, 200);
    }
  }
  return [{block, refuses: refused}];
}

function why({error}) {
  const inner = error?.errors?.[0] ?? error;
  return String(inner?.cause?.message ?? inner?.message ?? inner);
}

async function timed(number, calls) {
  const seconds = [];
  for(let call = 0; call < calls; call++) {
    const start = performance.now();
    await acts[number](call);
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
}

async function answer(question) {
  if('begin' in question) {
    return begin(question.begin);
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

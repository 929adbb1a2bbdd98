// A real Bluesky server (the official PDS, with a directory of identities beside it), on loopback alone.
//
//   node serve.mjs [--port N] [--account HANDLE:PASSWORD]...
//
// Without a port the system chooses one. What it keeps is in a temporary folder that goes when it goes. Once it
// answers, it prints one line of JSON: {"url", "accounts": [{"handle", "did"}]}; more accounts are made through its
// own createAccount. It ends when its stdin does, so it never outlives who started it.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const HOST = '127.0.0.1'

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    account: { type: 'string', multiple: true, default: [] },
  },
})

// Read when the packages below are loaded, hence before.
process.env.LOG_ENABLED = 'false'
const { PDS, envToCfg, envToSecrets } = await import('@atproto/pds')
const { Database, PlcServer } = await import('@did-plc/server')

/** A server that listens on loopback and answers nothing yet: its port is known before it is needed. */
async function listen(port) {
  const server = createServer()
  server.keepAliveTimeout = 90_000
  server.listen(port, HOST)
  await once(server, 'listening')
  return server
}

const portOf = (server) => server.address().port
const secret = () => randomBytes(32).toString('hex')

async function startDirectory() {
  const server = await listen(0)
  server.on('request', PlcServer.create({ db: Database.mock() }).app)
  return server
}

/** Make a PDS that asks nobody but the directory: no AppView, no mail, no crawlers, no limits on requests. */
async function createPds(port, directoryPort, folder) {
  const blobs = join(folder, 'blobs')
  mkdirSync(blobs, { recursive: true })
  const settings = {
    port,
    hostname: 'localhost',
    dataDirectory: folder,
    blobstoreDiskLocation: blobs,
    didPlcUrl: `http://${HOST}:${directoryPort}`,
    inviteRequired: false,
    devMode: true,
    jwtSecret: secret(),
    adminPassword: secret(),
    plcRotationKeyK256PrivateKeyHex: secret(),
  }
  return await PDS.create(envToCfg(settings), envToSecrets(settings))
}

async function createAccount(url, handle, password) {
  const answer = await fetch(`${url}/xrpc/com.atproto.server.createAccount`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ handle, password, email: `${handle.replaceAll('.', '-')}@mail.test` }),
  })
  if (!answer.ok) throw new Error(`${handle}: ${answer.status} ${await answer.text()}`)
  return { handle, did: (await answer.json()).did }
}

const folder = mkdtempSync(join(tmpdir(), 'redletter-pds-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
process.on('SIGTERM', () => process.exit())
// Nobody is left to talk to: who started it has ended, however that came about.
process.stdin.on('close', () => process.exit()).resume()

const directory = await startDirectory()
const server = await listen(Number(options.port))
const pds = await createPds(portOf(server), portOf(directory), folder)
await pds.ctx.sequencer.start()
server.on('request', pds.app)
const url = `http://${HOST}:${portOf(server)}`

const accounts = []
for (const account of options.account) {
  const [handle, ...password] = account.split(':')
  accounts.push(await createAccount(url, handle, password.join(':')))
}
console.log(JSON.stringify({ url, accounts }))

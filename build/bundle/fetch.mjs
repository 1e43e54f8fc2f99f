// Puts the runtime library and the models where go:embed finds them (backend/bundle/files).
//
//   node build/bundle/fetch.mjs [GOOS/GOARCH]      default: the platform that `go env` names
//
// The files come from npm packages pinned in package-lock.json, installed with scripts off
// (`npm ci --ignore-scripts`), or from Go modules ("go:MODULE@VERSION/PATH"), which the go
// command fetches. Each is checked against the SHA-256 in bundle.json. When
// the manifest of an earlier run and the sizes of its files are right, nothing is done.
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, '..', '..', 'backend', 'bundle', 'files')
const bundle = JSON.parse(readFileSync(join(here, 'bundle.json'), 'utf8'))
const platform = process.argv[2] ?? execFileSync('go', ['env', 'GOOS', 'GOARCH'], { encoding: 'utf8' }).trim().split('\n').join('/')

const library = bundle.library[platform]
if (!library) fail(`no ONNX Runtime is published for ${platform}; known: ${Object.keys(bundle.library).join(', ')}`)
const wanted = [...bundle.common, library]

const manifest = {
  id: sha256(wanted.map((f) => `${f.name} ${f.sha256}\n`).join('')),
  platform,
  library: library.name,
  files: wanted.map(({ name, sha256 }) => ({ name, sha256, size: 0 })),
}
if (!upToDate()) install()

function upToDate() {
  try {
    const have = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8'))
    return have.id === manifest.id && have.files.every((f) => statSync(join(target, f.name)).size === f.size)
  } catch {
    return false
  }
}

function install() {
  // npm is npm.cmd on Windows, which only a shell starts.
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: here, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  rmSync(join(target, 'manifest.json'), { force: true })
  for (const [i, file] of wanted.entries()) {
    const from = sourceOf(file.from)
    const data = readFileSync(from)
    if (sha256(data) !== file.sha256) fail(`${file.from} does not have the SHA-256 in build/bundle/bundle.json: refusing it`)
    manifest.files[i].size = data.length
    const to = join(target, file.name)
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to + '.new', data)
    renameSync(to + '.new', to)
  }
  writeFileSync(join(target, 'manifest.json'), JSON.stringify(manifest, null, 1) + '\n') // last: it says that all is there
  rmSync(join(here, 'node_modules'), { recursive: true }) // 300 MB of other platforms' libraries
  console.error(`bundle: ${wanted.length} files for ${platform}`)
}

// sourceOf returns where a file lies once it has been fetched.
function sourceOf(from) {
  const go = from.match(/^go:([^@]+@[^/]+)\/(.+)$/)
  if (!go) return join(here, 'node_modules', from)
  const answer = execFileSync('go', ['mod', 'download', '-json', go[1]], { cwd: here, encoding: 'utf8' })
  return join(JSON.parse(answer).Dir, go[2])
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex')
}

function fail(message) {
  rmSync(join(here, 'node_modules'), { recursive: true, force: true }) // not there before the install
  console.error(`bundle: ${message}`)
  process.exit(1)
}

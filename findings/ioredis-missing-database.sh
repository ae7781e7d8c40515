#!/usr/bin/env bash
# ioredis goes on with database 0 where the address names a database that the server does not have.
#
# Expected: connect() rejects, as it does for a wrong password. Actual: the refused SELECT only reaches the 'error'
# event. connect() resolves, and writes go to database 0, among keys of another application.
# Exit code 0: as described, 1: the behaviour has changed, 77: cannot run here.
set -u
command -v redis-server >/dev/null && command -v npm >/dev/null || { echo "needs redis-server and npm"; exit 77; }
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder" || exit 77
npm install --silent --no-audit --no-fund --ignore-scripts ioredis@6.0.0 >/dev/null 2>&1 || { echo "ioredis cannot be installed here"; exit 77; }
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
redis-server --port "$port" --bind 127.0.0.1 --databases 16 --save "" --dir "$folder" >server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q 'Ready to accept' server.log && break; sleep 0.1; done
grep -q 'Ready to accept' server.log || { echo "redis-server did not start"; exit 77; }
redis-server --version
cat >try.cjs <<'JS'
const { Redis } = require('ioredis');
const [port] = process.argv.slice(2);
(async () => {
  const redis = new Redis(`redis://127.0.0.1:${port}/99`, { lazyConnect: true, retryStrategy: null });
  let event = 'none';
  redis.on('error', (error) => { event = error.message; });
  const connected = await redis.connect().then(() => 'resolved', (error) => `rejected: ${error.message}`);
  const written = await redis.set('key', 'value').catch((error) => error.message);
  redis.disconnect();
  const first = new Redis(`redis://127.0.0.1:${port}/0`);
  const inFirst = await first.get('key');
  first.disconnect();
  console.log(`ioredis ${require('ioredis/package.json').version}`);
  console.log(`connect() to database 99 of 16: ${connected}; error event: ${event}; set: ${written}; database 0 has: ${inFirst}`);
  process.exit(connected === 'resolved' && event.includes('out of range') && inFirst === 'value' ? 0 : 1);
})();
JS
timeout 30 node try.cjs "$port"

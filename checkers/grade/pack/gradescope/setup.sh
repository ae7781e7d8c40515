#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder: what the checks need, and Node.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}

# command: package
declare -A tools=([python3]=python3 [strace]=strace [unshare]=util-linux [ps]=procps [curl]=curl [xz]=xz-utils)
missing=()
for tool in "${!tools[@]}"; do
  command -v "$tool" >/dev/null || missing+=("${tools[$tool]}")
done
if [ "${#missing[@]}" -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends ca-certificates "${missing[@]}"
fi

# Node 20.19 or later; the distribution's is often older. Where there is none that will do, 24.
node_will_do() {
  command -v node >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
}
if ! node_will_do; then
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) echo "There is no Node for this machine: $(uname -m)" >&2; exit 1 ;;
  esac
  from=https://nodejs.org/dist/latest-v24.x
  cd /tmp
  curl -fsSL "$from/SHASUMS256.txt" | grep "linux-$arch.tar.xz$" >node.sha256
  file=$(awk '{ print $2 }' node.sha256)
  curl -fsSLO "$from/$file"
  sha256sum -c node.sha256
  tar -xJf "$file" -C /usr/local --strip-components=1
fi

cd "$root/source/workshop"
[ -d node_modules ] || npm ci --omit=dev --no-audit --no-fund

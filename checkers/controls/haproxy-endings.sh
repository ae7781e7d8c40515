# HAProxy has no defaults for unset environment variables.
export CONNECT_TIMEOUT_MS="${CONNECT_TIMEOUT_MS:-5000}" IDLE_TIMEOUT_MS="${IDLE_TIMEOUT_MS:-600000}"
exec haproxy -f "${1:-haproxy-endings.cfg}"

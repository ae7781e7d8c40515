# HAProxy knows no defaults for what is missing in the environment.
export CONNECT_TIMEOUT_MS="${CONNECT_TIMEOUT_MS:-5000}" IDLE_TIMEOUT_MS="${IDLE_TIMEOUT_MS:-600000}"
exec haproxy -f "${1:-haproxy-endings.cfg}"

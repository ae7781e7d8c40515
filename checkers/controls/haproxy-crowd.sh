# HAProxy reserves descriptors for itself. It shuts down gracefully on SIGUSR1, and at once on SIGTERM.
limit=$(ulimit -n)
[ "$limit" = unlimited ] && limit=9000
MAXCONN=$(( (limit - 45) / 2 ))
[ "$MAXCONN" -gt 4000 ] && MAXCONN=4000
export MAXCONN
haproxy -f "${1:-haproxy-crowd.cfg}" &
proxy=$!
trap 'kill -USR1 "$proxy"' TERM
wait "$proxy"
wait "$proxy"

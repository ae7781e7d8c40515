# HAProxy keeps descriptors for itself, and ends well on SIGUSR1; on SIGTERM it would end at once.
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

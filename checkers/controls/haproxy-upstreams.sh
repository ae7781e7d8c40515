# HAProxy has other names for the values of BALANCE. It shuts down gracefully on SIGUSR1, and at once on SIGTERM.
IFS=, read -r UPSTREAM_A UPSTREAM_B UPSTREAM_C <<PORTS
$UPSTREAM_PORTS
PORTS
CONNECT_TIMEOUT_MS=${CONNECT_TIMEOUT_MS:-5000}
HAPROXY_BALANCE=roundrobin
[ "$BALANCE" = least-connections ] && HAPROXY_BALANCE=leastconn
export UPSTREAM_A UPSTREAM_B UPSTREAM_C CONNECT_TIMEOUT_MS HAPROXY_BALANCE
haproxy -f haproxy-upstreams.cfg &
proxy=$!
trap 'kill -USR1 "$proxy"' TERM
wait "$proxy"
wait "$proxy"

# HAProxy has other names for what the contract calls BALANCE, and ends well on SIGUSR1; on SIGTERM it would end at once.
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

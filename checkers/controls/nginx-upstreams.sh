# A correct proxy with several upstreams: nginx's stream module. It takes no ports from its environment, so its configuration
# is written here, beside its pid file. It skips a failed upstream for whole seconds, and shuts down
# gracefully on SIGQUIT, and at once on SIGTERM.
down="max_fails=1 fail_timeout=$(( (${RETRY_AFTER_MS:-2000} + 999) / 1000 ))s"
servers=
for port in $(echo "$UPSTREAM_PORTS" | tr , ' '); do servers="$servers server 127.0.0.1:$port $down;"; done
balance=
[ "$BALANCE" = least-connections ] && balance='least_conn;'
cat > "$1.conf" <<CONFIGURATION
load_module modules/ngx_stream_module.so;
pid $1.pid;
daemon off;
error_log stderr crit;
worker_processes 1;
events { worker_connections 4000; }
stream {
    upstream several { $balance $servers }
    server {
        listen 127.0.0.1:$PORT backlog=4096;
        proxy_pass several;
        proxy_half_close on;
        proxy_next_upstream on;
        proxy_connect_timeout ${CONNECT_TIMEOUT_MS:-5000}ms;
    }
}
CONFIGURATION
nginx -c "$1.conf" &
proxy=$!
trap 'kill -QUIT "$proxy"' TERM
# Its pid file shows that it has read the configuration, which can then be removed.
while [ ! -s "$1.pid" ] && kill -0 "$proxy" 2>/dev/null; do sleep 0.02; done
rm -f "$1.conf"
wait "$proxy"
wait "$proxy"
